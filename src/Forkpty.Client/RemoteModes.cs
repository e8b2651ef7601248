namespace Forkpty.Client;

/// <summary>
/// Follows what the remote program does to the local terminal beyond its text: modes, margins, colours, the keyboard, sets of characters. So all of it can be put back
/// where the program ends, or is left, without having done so itself. Sequences that nobody used are never sent: leaving an alternate screen that was not entered
/// moves the cursor.
/// </summary>
internal sealed class RemoteModes
{
    private const byte Escape = 0x1b;
    private const byte ShiftOut = 0x0e;
    private const byte ShiftIn = 0x0f;
    private const byte Cancel = 0x18;
    private const byte Substitute = 0x1a;
    private const byte Bell = 0x07; // ends a command, and no other string

    // Breaks off whatever was begun. Not every terminal takes CAN for the end of a string; the string terminator does nothing where none is open.
    private const string BreakOff = "\u0018\e\\";

    // Modes (CSI number h or l; below 0: CSI ? -number), and what is usual. The order is that of resetting: the screen last.
    private static readonly (int Number, bool Usual)[] Followed =
    [
        (-1, false), // cursor keys of an application
        (-9, false), (-1000, false), (-1001, false), (-1002, false), (-1003, false), // mouse
        (-1004, false), // focus
        (-1005, false), (-1006, false), (-1015, false), (-1016, false), // mouse encodings
        (-2004, false), // bracketed paste
        (-2031, false), (-2048, false), // tell of another colour scheme or window size, in what seems typed
        (-2026, false), // synchronized update
        (4, false), (20, false), // insert, newline
        (-5, false), // reverse video
        (-7, true), (-45, false), // wrap, also backwards
        (-69, false), // margins left and right
        (-25, true), // cursor shown
        (Origin, false),
        (-47, false), (-1047, false), (-1049, false), // alternate screen
    ];

    private const int Origin = -6; // rows count from the top margin; a change of it moves the cursor there

    private static readonly uint BracketedPaste = Bit(-2004);
    private static readonly uint OriginMode = Bit(Origin);
    private static readonly uint AlternateScreen = Bit(-47) | Bit(-1047) | Bit(-1049);

    private uint _changed; // bit N: Followed[N] is not as usual
    private Look _look;
    private KeyboardStack _keyboard; // of the screen that is shown
    private KeyboardStack _otherKeyboard;
    private TitleStacks _titles;
    private RemoteCommands _commands;
    private State _state;
    private bool _isCommand; // the string that was begun
    private byte _marker; // of a sequence: ? > < =, 0 for none
    private byte _intermediate; // of a sequence, 0 for none
    private int _number;
    private int _first; // of its numbers
    private int _second;
    private int _last;
    private int _numbers; // before _number
    private bool _isPlain; // no number so far but 0
    private uint _named; // modes named so far

    private enum State : byte
    {
        Text,
        AfterEscape,
        InSequence,
        InCommand,
        InString, // whose content is nothing to us: of another command, DCS, APC, PM, SOS
        BeforeFinal, // of a sequence without numbers
    }

    /// <summary>What is changed beside modes.</summary>
    [Flags]
    private enum Look : byte
    {
        None = 0,
        Keypad = 1, // ESC = without ESC >
        Text = 2, // colours and the like
        Charset = 4, // line drawing in the place of letters
        Shift = 8, // to another set
        Region = 16, // that scrolls
        Cursor = 32, // its form
        ModifiedKeys = 64, // modifyOtherKeys
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
                int control = output.IndexOfAny(Escape, ShiftOut, ShiftIn);
                if (control < 0) return;
                output = output[control..];
            }
            else if (_state == State.InString)
            {
                int end = _isCommand ? output.IndexOfAny("\e\u0018\u001a\a"u8) : output.IndexOfAny(Escape, Cancel, Substitute);
                if (end < 0) return;
                output = output[end..];
            }

            Step(output[0]);
            output = output[1..];
        }
    }

    /// <summary>The sequences that put everything back, empty where nothing is changed; afterwards nothing is.</summary>
    public string Reset()
    {
        string reset = _state == State.Text ? "" : BreakOff;
        reset += _keyboard.Reset();
        if (Has(Look.Keypad)) reset += "\e>";
        if (Has(Look.Region) && HasAlternateScreen) reset += "\e[r"; // some terminals have margins for each screen
        for (int i = 0; i < Followed.Length; i++)
        {
            if ((_changed & (1u << i)) == 0) continue;
            (int number, bool usual) = Followed[i];
            reset += $"\e[{(number < 0 ? "?" : "")}{Math.Abs(number)}{(usual ? 'h' : 'l')}";
        }

        // Both move the cursor to the top: it goes back to where it was, or, where rows were counted from the margin, below everything.
        if (Has(Look.Region)) reset += (_changed & OriginMode) == 0 ? "\e7\e[r\e8" : "\e[r\e[999H";
        if (HasAlternateScreen) reset += _otherKeyboard.Reset();
        if (Has(Look.ModifiedKeys)) reset += "\e[>4m";
        if (Has(Look.Cursor)) reset += "\e[0 q";
        if (Has(Look.Charset | Look.Shift)) reset += "\e(B\u000f";
        reset += _titles.Reset();
        reset += _commands.Reset();
        if (Has(Look.Text) || reset.Length > 0) reset += "\e[m";
        Forget();
        _state = State.Text;
        return reset;
    }

    /// <summary>What fetches the titles that were put aside, empty where there are none: for a terminal that is painted as a new one, and where they are put aside anew.</summary>
    public string ResetTitles() => _titles.Reset();

    private void Step(byte next)
    {
        if (_state == State.InCommand)
        {
            if (!_commands.Goes(next)) _state = next is Bell or Cancel or Substitute ? State.Text : State.InString;
            if (next != Escape) return;
        }

        if (next == Escape)
        {
            _state = State.AfterEscape;
            return;
        }

        switch (_state)
        {
            case State.Text:
                if (next is ShiftOut or ShiftIn) Set(Look.Shift, next == ShiftOut);
                break;
            case State.AfterEscape:
                Begin(next);
                break;
            case State.InString: // its end
                _state = State.Text;
                break;
            case State.BeforeFinal when next >= 0x30 || next is Cancel or Substitute:
                if (_intermediate == '(' && next >= 0x30) Set(Look.Charset, next != 'B');
                _state = State.Text;
                break;
            case State.InSequence:
                Go(next);
                break;
        }
    }

    private void Begin(byte next)
    {
        (_marker, _intermediate, _number, _first, _second, _numbers, _isPlain, _named) = (0, 0, 0, 0, 0, 0, true, 0);
        _commands.Begin();
        _isCommand = next == ']';
        _state = next switch
        {
            (byte)'[' => State.InSequence,
            (byte)']' => State.InCommand,
            (byte)'P' or (byte)'_' or (byte)'^' or (byte)'X' => State.InString,
            >= 0x20 and < 0x30 => State.BeforeFinal,
            _ => State.Text,
        };
        switch (next)
        {
            case >= 0x20 and < 0x30:
                _intermediate = next;
                break;
            case (byte)'=' or (byte)'>':
                Set(Look.Keypad, next == '=');
                break;
            case (byte)'n' or (byte)'o': // to two more sets
                Set(Look.Shift, true);
                break;
            case (byte)'8': // the saved cursor, with what text looked like there
                Set(Look.Text | Look.Charset, true);
                break;
            case (byte)'c': // a full reset by the program itself
                Forget();
                break;
        }
    }

    private void Go(byte next)
    {
        switch (next)
        {
            case >= (byte)'<' and <= (byte)'?':
                _marker = next;
                break;
            case >= (byte)'0' and <= (byte)'9':
                _number = Math.Min((_number * 10) + next - '0', 100_000);
                break;
            case (byte)';':
                Name();
                break;
            case >= 0x20 and < 0x30:
                _intermediate = next;
                break;
            case (byte)':':
                _isPlain = false;
                break;
            case Cancel or Substitute:
                _state = State.Text;
                break;
            case >= 0x40 and < 0x7f:
                Name();
                Apply(next);
                _state = State.Text;
                break; // any other is done at once, or nothing, and the sequence goes on
        }
    }

    /// <summary>The end of a number.</summary>
    private void Name()
    {
        if (_marker == '?')
            _named |= Bit(-_number);
        else if (_number is 4 or 20) // not for each colour
            _named |= Bit(_number);

        if (_numbers == 0) _first = _number;
        if (_numbers++ == 1) _second = _number;
        _isPlain &= _number == 0;
        (_last, _number) = (_number, 0);
    }

    private void Apply(byte final)
    {
        switch (((char)_marker, (char)_intermediate, (char)final))
        {
            case ('?' or '\0', '\0', 'h' or 'l'):
                Switch(on: final == 'h');
                break;
            case ('\0', '\0', 'm'):
                Set(Look.Text, !_isPlain);
                break;
            case ('\0', '\0', 'r'):
                Set(Look.Region, _first > 1 || _numbers > 1);
                break;
            case ('\0', ' ', 'q'):
                Set(Look.Cursor, !_isPlain);
                break;
            case ('\0', '\0', 't'):
                _titles.Take(_first, _second);
                break;
            case ('>', '\0', 'm') when _first is 0 or 4:
                Set(Look.ModifiedKeys, _numbers > 1 && _last != 0);
                break;
            case ('>' or '<' or '=', '\0', 'u'):
                _keyboard.Take((char)_marker, _first);
                break;
            case ('\0', '\0', 'u'): // the saved cursor
                Set(Look.Text | Look.Charset, true);
                break;
        }
    }

    private void Switch(bool on)
    {
        bool hadAlternateScreen = HasAlternateScreen;
        for (int i = 0; i < Followed.Length; i++)
        {
            if ((_named & (1u << i)) == 0) continue;
            if (on == Followed[i].Usual)
                _changed &= ~(1u << i);
            else
                _changed |= 1u << i;
        }

        if (HasAlternateScreen != hadAlternateScreen) (_keyboard, _otherKeyboard) = (_otherKeyboard, _keyboard);
    }

    private void Forget() => (_changed, _look, _keyboard, _otherKeyboard) = (0, Look.None, default, default);

    private bool Has(Look what) => (_look & what) != 0;

    private void Set(Look what, bool on) => _look = on ? _look | what : _look & ~what;

    /// <summary>0 for a mode that is not followed.</summary>
    private static uint Bit(int number)
    {
        for (int i = 0; i < Followed.Length; i++)
        {
            if (Followed[i].Number == number) return 1u << i;
        }

        return 0;
    }
}
