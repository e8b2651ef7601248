namespace Forkpty.Client;

/// <summary>
/// Follows which modes of the local terminal the remote program has turned on and which colours it has changed, so that both can be put back where it ends
/// without doing so itself. Sequences that nobody used are never sent: leaving an alternate screen that was not entered
/// moves the cursor.
/// </summary>
internal sealed class RemoteModes
{
    private const byte Escape = 0x1b;

    // Private modes (CSI ? number h or l), and what puts the terminal back. The order is that of resetting: the screen last.
    private static readonly (int Number, bool Usual)[] Followed =
    [
        (1, false), // cursor keys of an application
        (9, false), (1000, false), (1001, false), (1002, false), (1003, false), // mouse
        (1004, false), // focus
        (1005, false), (1006, false), (1015, false), (1016, false), // mouse encodings
        (2004, false), // bracketed paste
        (2026, false), // synchronized update
        (25, true), // cursor shown
        (47, false), (1047, false), (1049, false), // alternate screen
    ];

    private static readonly uint BracketedPaste = Bit(2004);
    private static readonly uint AlternateScreen = Bit(47) | Bit(1047) | Bit(1049);

    private uint _changed; // bit N: Followed[N] is not as usual
    private bool _keypad; // ESC = without ESC >
    private RemoteColors _colors;
    private State _state;
    private bool _private;
    private int _number;
    private uint _named; // modes named so far in the sequence

    private enum State : byte
    {
        Text,
        AfterEscape,
        InSequence,
        InCommand,
    }

    /// <summary>Whether the terminal has been asked to tell a paste from typing.</summary>
    public bool HasBracketedPaste => (_changed & BracketedPaste) != 0;

    /// <summary>Whether a program has the whole screen, so that a line between would spoil it.</summary>
    public bool HasAlternateScreen => (_changed & AlternateScreen) != 0;

    /// <summary>Looks through output, which may begin and end inside a sequence.</summary>
    public void Follow(ReadOnlySpan<byte> output)
    {
        while (!output.IsEmpty)
        {
            if (_state == State.Text)
            {
                int escape = output.IndexOf(Escape);
                if (escape < 0) return;
                output = output[(escape + 1)..];
                _state = State.AfterEscape;
                continue;
            }

            Step(output[0]);
            output = output[1..];
        }
    }

    /// <summary>The sequences that put everything back, empty where nothing is changed; afterwards nothing is.</summary>
    public string Reset()
    {
        string reset = _keypad ? "\e>" : "";
        for (int i = 0; i < Followed.Length; i++)
        {
            if ((_changed & (1u << i)) != 0)
                reset += $"\e[?{Followed[i].Number}{(Followed[i].Usual ? 'h' : 'l')}";
        }

        reset += _colors.Reset();
        _changed = 0;
        _keypad = false;
        return reset.Length == 0 ? reset : reset + "\e[m"; // and colours
    }

    private void Step(byte next)
    {
        if (_state == State.InCommand)
        {
            if (!_colors.Goes(next)) _state = State.Text;
            if (next != Escape) return;
        }

        if (next == Escape)
        {
            _state = State.AfterEscape;
            return;
        }

        if (_state == State.AfterEscape)
        {
            if (next is (byte)'=' or (byte)'>') _keypad = next == (byte)'=';
            if (next == (byte)'c') (_changed, _keypad) = (0, false); // a full reset by the program itself
            _state = next switch { (byte)'[' => State.InSequence, (byte)']' => State.InCommand, _ => State.Text };
            (_private, _number, _named) = (false, 0, 0);
            _colors.Begin();
            return;
        }

        switch (next)
        {
            case (byte)'?':
                _private = true;
                break;
            case >= (byte)'0' and <= (byte)'9':
                _number = Math.Min((_number * 10) + next - '0', 100_000);
                break;
            case (byte)';':
                Name();
                break;
            case (byte)'h' or (byte)'l' when _private:
                Name();
                Apply(on: next == (byte)'h');
                _state = State.Text;
                break;
            case >= 0x20 and < 0x40:
                break; // other parameters, intermediate bytes
            default:
                _state = State.Text;
                break;
        }
    }

    private static uint Bit(int number) => 1u << Array.FindIndex(Followed, mode => mode.Number == number);

    private void Name()
    {
        for (int i = 0; i < Followed.Length; i++)
        {
            if (Followed[i].Number == _number) _named |= 1u << i;
        }

        _number = 0;
    }

    private void Apply(bool on)
    {
        for (int i = 0; i < Followed.Length; i++)
        {
            if ((_named & (1u << i)) == 0) continue;
            if (on == Followed[i].Usual)
                _changed &= ~(1u << i);
            else
                _changed |= 1u << i;
        }
    }
}
