using System.Globalization;
using System.Text;
using Forkpty.Interop;
using Forkpty.Protocol;

namespace Forkpty.Client;

/// <summary>What the client itself says, on stderr. Not through Console, whose start costs more than the connection.</summary>
internal sealed class Notices(TerminalClientOptions options, LocalTerminal terminal)
{
    private const int Stderr = 2;

    private readonly bool _isOn = !options.Quiet && Libc.isatty(Stderr) == 1;

    private bool HasEscape => terminal.IsTerminal && options.Escape.IsOn;

    public void Connected() => Say($"fpty: connected to {options.Address}{(HasEscape ? $" (Enter {options.Escape} . disconnects)" : "")}\r\n");

    /// <summary>What becomes of a session when the person leaves is told at its beginning.</summary>
    public void Attached(Opened opened)
    {
        if (!terminal.IsTerminal) return;
        if (options.Session is null && opened.OnDisconnect.Action == DisconnectAction.HangUp)
        {
            Say($"fpty: session {opened.Session}; {Fate(opened)}{LineEnd}"); // the rest was told by Connected
            return;
        }

        string keys = !HasEscape ? "" : opened.OnDisconnect.IsKept ? $" (Enter {options.Escape} d leaves it, {options.Escape} ? helps)" : $" (Enter {options.Escape} . disconnects)";
        Say($"fpty: session {opened.Session} at {options.Address}{(opened.IsViewer ? ", to look at only: what you type goes nowhere" : "")}; {Fate(opened)}{keys}{LineEnd}");
    }

    /// <summary>In the middle of the program's output, in raw mode: lines of their own.</summary>
    public void Help(Opened? session) => Say($"""

        After Enter, {options.Escape} and
        {(session is { OnDisconnect.IsKept: true } ? "  d   leave; the session goes on\n" : "")}  .   disconnect{(session is null ? "" : $"; {Fate(session)}")}
        {(session is null ? "" : "  r   draw the screen again\n  s   tell the session's name and size\n")}  ^Z  suspend this client
          ?   this help
          {options.Escape,-2}  send {options.Escape}
        A key counts where no other one follows it within half a second.

        """.ReplaceLineEndings("\r\n"));

    public void Report(Opened session, WindowSize? there, string? lastNotice)
    {
        string size = LocalTerminal.Size() is { } here ? $"; {here.Rows} rows and {here.Columns} columns here" : "";
        if (there is { } other) size += $", {other.Rows} and {other.Columns} there";
        Line($"session {session.Session} at {options.Address}, process {session.Pid}{(session.IsViewer ? ", to look at only" : "")}{size}; {Fate(session)}{(lastNotice is null ? "" : $"; last: {lastNotice}")}");
    }

    /// <summary>Over a program that has the whole screen it is one line, as much of it as there is room for, and nothing moves: in a window that is too low the last line is wrong anyway.</summary>
    public void TooSmall(WindowSize here, WindowSize there, bool isViewer, bool isOverProgram)
    {
        string sentence = $"fpty: the session's window has {there.Rows} rows and {there.Columns} columns, this one {here.Rows} and {here.Columns}: it looks wrong until this one is as large{(isViewer ? "" : ", or you type here")}";
        Say(isOverProgram ? "\e7\e[999H\e[0;7m" + sentence[..Math.Min(here.Columns, sentence.Length)] + "\e8" : $"\r\n{sentence}\r\n");
    }

    public void Lost() => Line("connection lost; trying again (Ctrl-C gives up)");

    public void Regained(long missing) => Line(missing == 0 ? "connected again" : string.Create(CultureInfo.InvariantCulture, $"connected again; {missing} bytes of output are lost"));

    /// <summary>A sentence while the program's output is on the screen.</summary>
    public void Line(string sentence) => Say(terminal.IsRaw ? $"\r\nfpty: {sentence}\r\n" : $"fpty: {sentence}\n");

    /// <summary>After the end of a connection.</summary>
    /// <param name="session">The session that has ended; null on a plain connection.</param>
    public void Closed(Opened? session) => Say(session is null ? $"fpty: connection to {options.Address} closed\n" : $"fpty: session {session.Session} ended\n");

    /// <summary>After the person has left a session.</summary>
    public void Left(Opened session) => Say(session.OnDisconnect.IsKept
        ? $"fpty: left {session.Session}, which goes on{Limit(session)}; {Command(options, "attach", session.Session)} comes back\n"
        : $"fpty: left {session.Session}, which ends with that\n");

    /// <summary>What to type, about a session or the router.</summary>
    public static string Command(TerminalClientOptions options, string verb, string? session) =>
        "fpty " + verb + (session is null ? "" : " " + session) + (options.IsDefaultAddress ? "" : " " + options.Address);

    private string LineEnd => terminal.IsRaw ? "\r\n" : "\n";

    private static string Fate(Opened session) => session.OnDisconnect.Action switch
    {
        DisconnectAction.Keep when session.OnDisconnect.Limit is not null => $"when you leave, it goes on{Limit(session)}",
        DisconnectAction.Keep => "it goes on when you leave",
        DisconnectAction.Kill => "every process of it is killed when you leave",
        _ => "it ends when you leave",
    };

    private static string Limit(Opened session) => session.OnDisconnect.Limit switch
    {
        null => "",
        { TotalSeconds: < 120 } limit => string.Create(CultureInfo.InvariantCulture, $" for {limit.TotalSeconds:0} s"),
        { TotalMinutes: < 120 } limit => string.Create(CultureInfo.InvariantCulture, $" for {limit.TotalMinutes:0} min"),
        { } limit => string.Create(CultureInfo.InvariantCulture, $" for {limit.TotalHours:0} h"),
    };

    private void Say(string text)
    {
        if (_isOn) LossyOutput.Write(Stderr, Encoding.UTF8.GetBytes(text)); // a terminal that takes nothing must not keep anybody from leaving
    }
}
