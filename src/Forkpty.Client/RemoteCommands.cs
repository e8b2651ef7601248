namespace Forkpty.Client;

/// <summary>
/// Follows operating system commands (OSC) that give colours to the palette (4) and to text, background and cursor (10, 11, 12), or take them back (104, 110, 111, 112),
/// and those that begin and end a hyperlink (8). A question for a colour changes none.
/// </summary>
internal struct RemoteCommands
{
    private const int Palette = 4;
    private const int Link = 8;
    private const int Text = 10;
    private const int Cursor = 12;
    private const int Back = 100; // OSC 104 takes back what OSC 4 gave

    private int _changed; // bit N: command N has given a colour, or begun a link
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
            if (next is 0x07 or 0x1b) End();
            return false;
        }

        if (next == (byte)';')
        {
            if (_command == Link && _part == 2) Give(); // in an address
            (_part, _isBeginning) = (_part + 1, true);
            return _command is Palette or Link or (>= Text and <= Cursor);
        }

        if (_part == 0)
        {
            _command = Math.Min((_command * 10) + next - '0', 1000);
            return next is >= (byte)'0' and <= (byte)'9';
        }

        if (_isBeginning && (next != '?' || _command == Link)) Give();
        _isBeginning = false;
        return true;
    }

    /// <summary>What takes back the colours that were given, and ends a link, empty where there is none; afterwards there is none.</summary>
    public string Reset()
    {
        string reset = (_changed & (1 << Link)) != 0 ? "\e]8;;\e\\" : "";
        for (int command = Palette; command <= Cursor; command++)
        {
            if (command != Link && (_changed & (1 << command)) != 0) reset += $"\e]{Back + command}\e\\";
        }

        _changed = 0;
        return reset;
    }

    /// <summary>Each second part of a command for the palette is a colour, each of the others, for that and those behind it, and the second one of a link its address.</summary>
    private void Give()
    {
        if (_command is Palette or Link)
            _changed |= _part > 0 && _part % 2 == 0 ? 1 << _command : 0;
        else if (_part <= Cursor - _command + 1)
            _changed |= 1 << (_command + _part - 1);
    }

    private void End()
    {
        if (_part == 0 && _command is Back + Palette or (>= Back + Text and <= Back + Cursor))
            _changed &= ~(1 << (_command - Back));
        else if (_command == Link && _part == 2 && _isBeginning)
            _changed &= ~(1 << Link);
    }
}
