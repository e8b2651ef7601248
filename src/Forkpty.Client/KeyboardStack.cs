namespace Forkpty.Client;

/// <summary>
/// Follows what a program makes of the keyboard in kitty's protocol: it puts flags on a stack (CSI &gt; u), takes them from it (CSI &lt; u), or changes the uppermost (CSI = u). What was
/// there before the program is its terminal's owner's, and stays.
/// </summary>
internal struct KeyboardStack
{
    private const int Most = 250; // no terminal has a deeper one

    private byte _pushed;
    private bool _isChanged; // without a push

    /// <summary>Takes a sequence.</summary>
    /// <param name="marker">Behind CSI.</param>
    /// <param name="number">The first one of the sequence, 0 for none.</param>
    public void Take(char marker, int number)
    {
        if (marker == '>')
            _pushed = (byte)Math.Min(_pushed + 1, Most);
        else if (marker == '<')
            _pushed = (byte)Math.Max(0, _pushed - Math.Max(1, number));
        else if (_pushed == 0)
            _isChanged = number != 0;
    }

    /// <summary>What takes everything back, empty where there is nothing.</summary>
    public readonly string Reset() => (_pushed > 0 ? $"\e[<{_pushed}u" : "") + (_isChanged ? "\e[=0u" : "");
}
