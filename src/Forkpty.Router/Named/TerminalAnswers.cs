namespace Forkpty.Named;

/// <summary>Finds what a terminal answers to a program's questions in what comes from it, between what a person types.</summary>
internal static class TerminalAnswers
{
    private const byte Escape = 0x1b;

    /// <summary>
    /// Leaves out what looks like an answer: <c>CSI ... c R n x y t u S</c> with parameters, and control strings (OSC, DCS, APC). Only whole ones: a terminal writes an answer in one
    /// piece.
    /// </summary>
    public static ReadOnlySpan<byte> Remove(ReadOnlySpan<byte> input)
    {
        if (!input.Contains(Escape)) return input;
        byte[] kept = new byte[input.Length];
        int count = 0;
        bool isOpen = false; // a control string without an end: so is each that begins after it, and the end is not looked for again
        while (!input.IsEmpty)
        {
            int length = LengthOfAnswer(input, ref isOpen);
            if (length == 0)
            {
                kept[count++] = input[0];
                length = 1;
            }

            input = input[length..];
        }

        return kept.AsSpan(0, count);
    }

    private static int LengthOfAnswer(ReadOnlySpan<byte> input, ref bool isOpen) => input switch
    {
        [Escape, (byte)'[', ..] => LengthOfSequence(input),
        [Escape, (byte)']' or (byte)'P' or (byte)'_', ..] => isOpen ? 0 : LengthOfString(input, out isOpen),
        _ => 0,
    };

    private static int LengthOfSequence(ReadOnlySpan<byte> input)
    {
        int at = 2;
        while (at < input.Length && input[at] is >= 0x20 and <= 0x3f)
            at++;
        bool isAnswer = at > 2 && at < input.Length && input[at] is (byte)'c' or (byte)'R' or (byte)'n' or (byte)'x' or (byte)'y' or (byte)'t' or (byte)'u' or (byte)'S';
        return isAnswer ? at + 1 : 0;
    }

    private static int LengthOfString(ReadOnlySpan<byte> input, out bool isOpen)
    {
        isOpen = false;
        for (int at = 2; at < input.Length; at++)
        {
            if (input[at] == 0x07) return at + 1;
            if (input[at] == Escape && at + 1 < input.Length && input[at + 1] == (byte)'\\') return at + 2;
        }

        isOpen = true;
        return 0;
    }
}
