using Forkpty.Interop;
using Forkpty.Targets;

namespace Forkpty.Commands;

/// <summary>Targets as a person and as a program reads them.</summary>
internal static class TargetTable
{
    /// <summary>Of an id as much as tells it from others.</summary>
    private const int ShortId = 12;

    private const int LongestImage = 40;

    private static readonly string[] Titles = ["TARGET", "ID", "PID", "USER", "UP", "ATTACH", "IMAGE", "COMMAND"];

    public static string Of(Host host, IReadOnlyList<Target> targets, int width)
    {
        var users = new UserNames();
        List<string[]> rows = [Titles];
        foreach (Target target in targets)
        {
            rows.Add(
            [
                Readable.Of(target.FullName),
                target.Id.Length == 0 ? "-" : Readable.Of(Readable.Beginning(target.Id, ShortId)),
                TextTable.Number(target.ProcessId),
                users.Of(target.UserId) + (target.IsNamedByAnother ? $" ({users.Of(target.Owner)}'s)" : ""),
                TextTable.Age(Seconds(target.StartTime)),
                new Examination(host, target).Obstacle() is { } obstacle ? $"no: {obstacle.Subject}" : "yes",
                target.Image.Length == 0 ? "-" : Readable.Of(target.Image, LongestImage),
                Readable.Of(target.Command, 2_000),
            ]);
        }

        return TextTable.Of(rows, width, "IMAGE", "ID", "UP", "PID", "USER", "ATTACH");
    }

    public static string Json(Host host, Target target)
    {
        Finding? obstacle = new Examination(host, target).Obstacle();
        return JsonArray.Object(json =>
        {
            json.WriteString("target", target.FullName);
            json.WriteString("kind", TargetName.Prefix(target.Kind));
            json.WriteString("name", target.Name);
            json.WriteString("id", target.Id);
            json.WriteNumber("pid", target.ProcessId);
            json.WriteNumber("uid", target.UserId);
            json.WriteNumber("owner", target.Owner);
            json.WriteString("image", target.Image);
            json.WriteString("command", target.Command);
            json.WriteNumber("started", host.StartedAt(target.StartTime));
            json.WriteBoolean("attach", obstacle is null);
            if (obstacle is not null)
            {
                json.WriteString("reason", obstacle.Text);
                json.WriteString("remedy", obstacle.Remedy);
            }
        });
    }

    /// <summary>How long ago a process started that started at a tick.</summary>
    public static long Seconds(ulong start)
    {
        ulong now = Libc.boot_ticks();
        return now > start ? (long)((now - start) / 100) : 0;
    }
}
