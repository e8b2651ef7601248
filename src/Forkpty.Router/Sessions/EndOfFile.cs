using Forkpty.Interop;

namespace Forkpty.Sessions;

/// <summary>
/// Says to a program on a terminal that its input has ended, by the terminal's own character, again and again: one ends a line that is begun, the next a program that reads, the
/// next its shell.
/// </summary>
/// <remarks>A mutable struct: keep it in a field and never copy it.</remarks>
internal struct EndOfFile
{
    /// <summary>Milliseconds until it is said again, doubled each time up to the maximum.</summary>
    private const int FirstWait = 50;
    private const int LastWait = 1_000;

    private int _wait;

    /// <summary>Milliseconds that the last one was waited for; 0: it was not said yet.</summary>
    public readonly int Wait => _wait;

    /// <summary>Goes on where another one stood.</summary>
    public static EndOfFile After(int wait) => new() { _wait = wait };

    /// <summary>Says it, where the terminal edits lines: else nothing that is written means an end.</summary>
    /// <returns>Milliseconds until it should be said again.</returns>
    public int Say(Pty terminal)
    {
        if (terminal.EndOfFileCharacter is { } character)
            _ = Libc.write(terminal.Master.Value, [character]);
        return _wait = _wait == 0 ? FirstWait : Math.Min(_wait * 2, LastWait);
    }
}
