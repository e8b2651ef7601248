namespace Forkpty.Screen;

/// <summary>Which sequences ask the terminal something, so that an answer comes back as if it were typed.</summary>
internal static class TerminalQuestion
{
    /// <summary>A control sequence: prefix and intermediate bytes above, the final byte in the lowest 8 bits.</summary>
    public static bool IsControl(uint sequence, Parameters parameters) => sequence switch
    {
        // Attributes: primary, secondary, tertiary; terminal's parameters.
        'c' or '>' << 8 | 'c' or '=' << 8 | 'c' or 'x' => true,
        // Status and position of the cursor; `> n` only disables keys.
        'n' or '?' << 8 | 'n' => true,
        // A mode, of ANSI or DEC; presentation, checksum, state, of DEC.
        '$' << 8 | 'p' or '?' << 16 | '$' << 8 | 'p' or '$' << 8 | 'w' or '*' << 8 | 'y' or '$' << 8 | 'u' or '&' << 8 | 'u' => true,
        // The version, of xterm; keyboard flags, of kitty; keyboard options, of xterm; graphics, of xterm; colours, of xterm.
        '>' << 8 | 'q' or '?' << 8 | 'u' or '?' << 8 | 'm' or '?' << 8 | 'S' or '#' << 8 | '|' or '#' << 8 | 'R' => true,
        // The locator.
        '\'' << 8 | '|' => true,
        // The window: state, position, sizes, titles.
        't' => parameters[0] is 11 or 13 or 14 or 15 or 16 or 18 or 19 or 20 or 21,
        _ => false,
    };

    /// <summary>A device control string by its intermediate and final bytes: a setting (DECRQSS), a capability (XTGETTCAP).</summary>
    public static bool IsDeviceString(uint sequence) => sequence is ('$' << 8 | 'q') or ('+' << 8 | 'q');

    /// <summary>An operating system command: a colour, the clipboard, a font.</summary>
    public static bool IsCommand(int command, ReadOnlySpan<byte> payload) => command switch
    {
        4 or 5 or (>= 10 and <= 19) or 21 or 50 or 52 or 104 => HasQuestionMark(payload),
        60 or 61 => true,
        _ => false,
    };

    /// <summary>One of the parts between semicolons is, or begins with, a question mark; `key=?` counts too.</summary>
    private static bool HasQuestionMark(ReadOnlySpan<byte> payload)
    {
        for (int at = payload.IndexOf((byte)'?'); at >= 0;)
        {
            if (at == 0 || payload[at - 1] is (byte)';' or (byte)'=')
                return true;
            int next = payload[(at + 1)..].IndexOf((byte)'?');
            at = next < 0 ? -1 : at + 1 + next;
        }
        return false;
    }
}
