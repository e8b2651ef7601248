using System.Text;
using Forkpty.Client;
using Forkpty.Options;
using Forkpty.Protocol;
using Forkpty.Targets;

namespace Forkpty.Commands;

/// <summary><c>fpty ps [ADDRESS] [--all] [--json|--quiet]</c>: the sessions of a router; without an address those of one's own, and what else can be attached to.</summary>
internal static class Ps
{
    private static readonly string[] Titles = ["NAME", "ID", "PID", "CLIENTS", "SIZE", "UP", "IDLE", "ON-DISCONNECT", "COMMAND"];

    public static int Run(CommandLine line)
    {
        bool asJson = line.Configuration.Flag(OptionTable.Json);
        bool asNames = line.Configuration.Flag(OptionTable.Quiet);
        if (asJson && asNames)
            throw line.Configuration.Find(OptionTable.Quiet)!.Wrong("--json has the names among all else; give one of both.");
        if (line.Arguments.Count == 0)
            return Everything(line, asJson, asNames);
        return Question.Ask(line, router =>
        {
            IReadOnlyList<SessionInfo> sessions = router.List();
            Screen.Write(asNames ? Names(sessions, []) : asJson ? Json(sessions) : Table(sessions, DateTimeOffset.UtcNow, TextTable.WidthOfScreen()));
            return ExitStatus.Fine;
        });
    }

    public static string Json(IReadOnlyList<SessionInfo> sessions) => JsonArray.Of(Objects(sessions));

    /// <param name="sessions">What there is.</param>
    /// <param name="now">What their ages are counted to.</param>
    /// <param name="width">A command is cut where its line would be longer; 0 for no limit.</param>
    public static string Table(IReadOnlyList<SessionInfo> sessions, DateTimeOffset now, int width)
    {
        List<string[]> rows = [Titles];
        foreach (SessionInfo session in sessions)
            rows.Add(Row(session, now));
        return TextTable.Of(rows, width, "IDLE", "ON-DISCONNECT", "SIZE", "UP", "ID", "CLIENTS", "PID");
    }

    private static int Everything(CommandLine line, bool asJson, bool asNames)
    {
        IReadOnlyList<SessionInfo>? sessions = OwnRouter.TryList(line.Configuration, out string? refusal);
        int status = refusal is null ? ExitStatus.Fine : ClientOutcome.CouldNotConnect; // the rest is told all the same
        if (refusal is not null)
            Connect.Complain(refusal);
        Host host = Host.Local;
        IReadOnlyList<Target> targets = host.List(line.Configuration.Flag(OptionTable.Units));
        if (host.HidesSome(targets))
            Screen.WriteError($"fpty: {Host.NotYours}\n");
        if (asNames)
        {
            Screen.Write(Names(sessions ?? [], targets));
            return status;
        }

        if (asJson)
        {
            List<string> objects = Objects(sessions ?? []);
            foreach (Target target in targets)
                objects.Add(TargetTable.Json(host, target));
            Screen.Write(JsonArray.Of(objects));
            return status;
        }

        int width = TextTable.WidthOfScreen();
        if (sessions is not null)
            Screen.Write(Table(sessions, DateTimeOffset.UtcNow, width) + (targets.Count > 0 ? "\n" : ""));
        if (sessions is null || targets.Count > 0)
            Screen.Write(TargetTable.Of(host, targets, width));
        return status;
    }

    private static string Names(IReadOnlyList<SessionInfo> sessions, IReadOnlyList<Target> targets)
    {
        var text = new StringBuilder();
        foreach (SessionInfo session in sessions)
            text.Append(Readable.Of(session.Session)).Append('\n');
        foreach (Target target in targets)
            text.Append(Readable.Of(target.FullName)).Append('\n');
        return text.ToString();
    }

    private static List<string> Objects(IReadOnlyList<SessionInfo> sessions)
    {
        var objects = new List<string>();
        foreach (SessionInfo session in sessions)
            objects.Add(Encoding.UTF8.GetString(session.ToPayload()));
        return objects;
    }

    private static string[] Row(SessionInfo session, DateTimeOffset now) =>
    [
        Readable.Of(session.Session),
        TextTable.Number(session.Id),
        TextTable.Number(session.Pid),
        TextTable.Number(session.Clients),
        session.Terminal ? $"{session.Rows}x{session.Columns}" : "no pty",
        TextTable.Age(now.ToUnixTimeSeconds() - session.Started),
        TextTable.Age(session.Idle),
        session.OnDisconnect is { Limit: { } limit } ? $"keep {TextTable.Age((long)limit.TotalSeconds)}" : session.OnDisconnect.ToString(),
        Readable.Of(session.Command, 2_001),
    ];
}
