namespace Forkpty.Client;

/// <summary>Follows how many titles of the window and of its icon a program has put aside (XTWINOPS 22) and not fetched again (23). The lowest are the terminal's owner's.</summary>
internal struct TitleStacks
{
    private const int Most = 10; // xterm's

    private byte _window;
    private byte _icon;

    /// <summary>Takes a sequence.</summary>
    /// <param name="operation">Its first number.</param>
    /// <param name="which">Its second one: 1 for the icon's, 2 for the window's, 0 for both.</param>
    public void Take(int operation, int which)
    {
        int step = operation switch { 22 => 1, 23 => -1, _ => 0 };
        if (which is 0 or 2) _window = (byte)Math.Clamp(_window + step, 0, Most);
        if (which is 0 or 1) _icon = (byte)Math.Clamp(_icon + step, 0, Most);
    }

    /// <summary>What fetches all of them again, empty where there is none; afterwards there is none. Both at once where that is possible: some terminals have one stack for both.</summary>
    public string Reset()
    {
        string reset = "";
        for (int left = Math.Max(_window, _icon); left > 0; left--)
            reset += left > _icon ? "\e[23;2t" : left > _window ? "\e[23;1t" : "\e[23;0t";
        (_window, _icon) = (0, 0);
        return reset;
    }
}
