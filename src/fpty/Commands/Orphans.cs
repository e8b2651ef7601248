using Forkpty.Interop;
using Forkpty.Options;
using Forkpty.Targets;

namespace Forkpty.Commands;

/// <summary><c>fpty orphans [TARGET...] [--json]</c>, <c>fpty orphans TARGET... --hangup</c>: what exec left behind in targets, where nobody can reach it.</summary>
internal static class Orphans
{
    private static readonly string[] Titles = ["TARGET", "PID", "USER", "AGE", "WHY", "COMMAND"];

    /// <returns>0; 1 where a target is not there, or one of the orphans could not be hung up.</returns>
    public static int Run(CommandLine line)
    {
        if (line.Arguments.Count == 0)
            Attach.Refuse(line.Configuration, "name a target, as listed by fpty orphans.", OptionTable.HangUpOrphans);
        if (TargetsOf(line.Arguments) is not { } targets) return ExitStatus.Failed;
        var search = new OrphanSearch(Host.Local);
        List<Orphan> orphans = search.In(targets, out List<Target> untold);
        Screen.Write(line.Configuration.Flag(OptionTable.Json) ? Json(orphans) : Table(orphans, TextTable.WidthOfScreen()));
        if (Libc.geteuid() != 0)
            Screen.WriteError($"fpty: {Host.NotYours}\n");
        else
            untold.ForEach(static target => Screen.WriteError($"fpty: {Readable.Of(target.FullName)} has neither namespaces nor a control group of its own, so nobody can tell what is in it\n"));
        return line.Configuration.Flag(OptionTable.HangUpOrphans) ? HangUp(search, orphans) : ExitStatus.Fine;
    }

    private static IReadOnlyList<Target>? TargetsOf(IReadOnlyList<string> names)
    {
        if (names.Count == 0) return Host.Local.List();
        var targets = new List<Target>();
        foreach (string name in names)
        {
            try
            {
                targets.Add(Host.Local.Find(name));
            }
            catch (TargetException none)
            {
                Screen.WriteError($"fpty: {none.Message}\n");
                return null;
            }
        }

        return targets;
    }

    private static int HangUp(OrphanSearch search, List<Orphan> orphans)
    {
        int status = ExitStatus.Fine;
        foreach (Orphan orphan in orphans)
        {
            int result = search.HangUp(orphan);
            if (result >= 0 || result == -(int)Errno.ESRCH) continue; // it has ended, or another orphan's end has ended it
            Screen.WriteError($"fpty: process {orphan.Process.Pid} of {Readable.Of(orphan.Target.FullName)} was not hung up: pidfd_send_signal: {KernelException.Describe(result)}\n");
            status = ExitStatus.Failed;
        }

        return status;
    }

    private static string Table(List<Orphan> orphans, int width)
    {
        var users = new UserNames();
        List<string[]> rows = [Titles];
        foreach (Orphan orphan in orphans)
        {
            rows.Add(
            [
                Readable.Of(orphan.Target.FullName),
                TextTable.Number(orphan.Process.Pid),
                users.Of(orphan.UserId),
                TextTable.Age(TargetTable.Seconds(orphan.Process.Start)),
                $"{Word(orphan.Reason)} gone",
                Readable.Of(orphan.Command, 2_000),
            ]);
        }

        return TextTable.Of(rows, width, "AGE", "USER", "WHY", "PID");
    }

    private static string Json(List<Orphan> orphans) => JsonArray.Of(orphans.ConvertAll(orphan => JsonArray.Object(json =>
    {
        json.WriteString("target", orphan.Target.FullName);
        json.WriteNumber("pid", orphan.Process.Pid);
        json.WriteNumber("uid", orphan.UserId);
        json.WriteNumber("started", Host.Local.StartedAt(orphan.Process.Start));
        json.WriteString("gone", Word(orphan.Reason));
        json.WriteString("command", Readable.Beginning(orphan.Command, 2_000));
    })));

    private static string Word(OrphanReason reason) => reason switch
    {
        OrphanReason.Terminal => "terminal",
        OrphanReason.Client => "client",
        _ => "reader",
    };
}
