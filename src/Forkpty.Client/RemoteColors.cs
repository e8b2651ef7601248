namespace Forkpty.Client;

/// <summary>
/// Follows operating system commands (OSC) that give colours to the palette (4) and to text, background and cursor (10, 11, 12), or take them back (104, 110, 111, 112).
/// A question for a colour changes none.
/// </summary>
internal struct RemoteColors
{
    private const int Palette = 4;
    private const int Text = 10;
    private const int Cursor = 12;
    private const int Back = 100; // OSC 104 takes back what OSC 4 gave

    private int _changed; // bit N: command N has given a colour
    private int _command;
    private int _part; // semicolons so far
    private bool _isBeginning; // of a part

    /// <summary>A command begins with its number.</summary>
    public void Begin() => (_command, _part, _isBeginning) = (0, 0, false);

    /// <summary>The next byte of a command; whether more of it comes that is of interest.</summary>
    public bool Goes(byte next)
    {
        if (next is 0x07 or 0x18 or 0x1a or 0x1b)
        {
            if (_part == 0 && next is 0x07 or 0x1b && _command is Back + Palette or (>= Back + Text and <= Back + Cursor))
                _changed &= ~(1 << (_command - Back));
            return false;
        }

        if (next == (byte)';')
        {
            (_part, _isBeginning) = (_part + 1, true);
            return _command is Palette or (>= Text and <= Cursor);
        }

        if (_part == 0)
        {
            _command = Math.Min((_command * 10) + next - '0', 1000);
            return next is >= (byte)'0' and <= (byte)'9';
        }

        if (_isBeginning && next != '?') Give();
        _isBeginning = false;
        return true;
    }

    /// <summary>What takes back the colours that were given, empty where none was; afterwards none is.</summary>
    public string Reset()
    {
        string reset = "";
        for (int command = Palette; command <= Cursor; command++)
        {
            if ((_changed & (1 << command)) != 0) reset += $"\e]{Back + command}\e\\";
        }

        _changed = 0;
        return reset;
    }

    /// <summary>Each second part of a command for the palette is a colour, and each of the others, for that and those behind it.</summary>
    private void Give()
    {
        if (_command == Palette)
            _changed |= _part % 2 == 0 ? 1 << Palette : 0;
        else if (_part <= Cursor - _command + 1)
            _changed |= 1 << (_command + _part - 1);
    }
}
