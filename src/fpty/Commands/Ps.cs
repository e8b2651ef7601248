using System.Globalization;
using System.Text;
using Forkpty.Interop;
using Forkpty.Options;
using Forkpty.Protocol;

namespace Forkpty.Commands;

/// <summary><c>fpty ps [ADDRESS] [--json]</c>: the sessions of a router.</summary>
internal static class Ps
{
    private static readonly string[] Titles = ["NAME", "ID", "PID", "CLIENTS", "SIZE", "UP", "IDLE", "ON-DISCONNECT", "COMMAND"];

    public static int Run(CommandLine line) => Question.Ask(line, router =>
    {
        IReadOnlyList<SessionInfo> sessions = router.List();
        Screen.Write(line.Configuration.Flag(OptionTable.Json) ? Json(sessions) : Table(sessions, DateTimeOffset.UtcNow, WidthOfScreen()));
        return ExitStatus.Fine;
    });

    public static string Json(IReadOnlyList<SessionInfo> sessions) =>
        sessions.Count == 0 ? "[]\n" : $"[\n{string.Join(",\n", sessions.Select(session => Encoding.UTF8.GetString(session.ToPayload())))}\n]\n";

    /// <param name="sessions">What there is.</param>
    /// <param name="now">What their ages are counted to.</param>
    /// <param name="width">A command is cut where its line would be longer; 0 for no limit.</param>
    public static string Table(IReadOnlyList<SessionInfo> sessions, DateTimeOffset now, int width)
    {
        List<string[]> rows = [Titles, .. sessions.Select(session => Row(session, now))];
        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            var line = new StringBuilder();
            for (int column = 0; column < row.Length - 1; column++)
                line.Append(row[column].PadRight(rows.Max(other => other[column].Length) + 2));
            line.Append(row[^1]);
            if (width > 0 && line.Length > width) line.Length = width;
            text.Append(line.ToString().TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    private static string[] Row(SessionInfo session, DateTimeOffset now) =>
    [
        Visible(session.Session),
        Number(session.Id),
        Number(session.Pid),
        Number(session.Clients),
        session.Terminal ? $"{session.Rows}x{session.Columns}" : "no pty",
        Age(now.ToUnixTimeSeconds() - session.Started),
        Age(session.Idle),
        session.OnDisconnect is { Limit: { } limit } ? $"keep {Age((long)limit.TotalSeconds)}" : session.OnDisconnect.ToString(),
        Visible(session.Command),
    ];

    /// <summary>The two largest units: <c>42s</c>, <c>5m10s</c>, <c>3h2m</c>, <c>12d4h</c>.</summary>
    private static string Age(long seconds) => Math.Max(0, seconds) switch
    {
        < 60 and var s => $"{s}s",
        < 3_600 and var s => $"{s / 60}m{s % 60}s",
        < 86_400 and var s => $"{s / 3_600}h{s / 60 % 60}m",
        var s => $"{s / 86_400}d{s / 3_600 % 24}h",
    };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A command must not speak to the terminal that shows it: control characters, and those that turn or hide text, are shown by name.</summary>
    private static string Visible(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c < ' ' || c == '\x7f')
                visible.Append('^').Append((char)(c ^ 0x40));
            else if (char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                visible.Append(c);
        }

        return visible.ToString();
    }

    private static int WidthOfScreen() => Libc.ioctl_TIOCGWINSZ(1, out Libc.winsize size) >= 0 ? size.ws_col : 0;
}
