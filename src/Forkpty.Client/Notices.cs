using System.Text;
using Forkpty.Interop;

namespace Forkpty.Client;

/// <summary>What the client itself says, on stderr. Not through Console, whose start costs more than the connection.</summary>
internal sealed class Notices(TerminalClientOptions options, LocalTerminal terminal)
{
    private const int Stderr = 2;

    private readonly bool _isOn = !options.Quiet && Libc.isatty(Stderr) == 1;

    public void Connected() =>
        Say($"fpty: connected to {options.Address}{(terminal.IsTerminal && options.Escape.IsOn ? $" (Enter {options.Escape} . disconnects)" : "")}\r\n");

    /// <summary>In the middle of the program's output, in raw mode: lines of their own.</summary>
    public void Help() => Say($"""

        After Enter, {options.Escape} and
          .   disconnect
          ^Z  suspend this client
          ?   this help
          {options.Escape}   send {options.Escape}

        """.ReplaceLineEndings("\r\n"));

    public void Closed() => Say($"fpty: connection to {options.Address} closed\n");

    private void Say(string text)
    {
        if (_isOn) _ = Libc.write(Stderr, Encoding.UTF8.GetBytes(text));
    }
}
