using System.Buffers.Text;

namespace Forkpty.Screen;

/// <summary>
/// The colours that a program has given to numbers (OSC 4) and to text, background and cursor (OSC 10, 11, 12), as it wrote them; and which of these it has ever
/// touched, so that a terminal is not made to forget colours that this program has nothing to do with.
/// </summary>
internal sealed class Palette
{
    public const int Numbers = 256;

    /// <summary>Text, background and cursor, in the order of their commands.</summary>
    public const int Others = 3;

    /// <summary>Bytes of one colour: the longest name that X11 knows has 22, the longest number 18.</summary>
    private const int MaxLength = 32;

    /// <summary>Null while none is given: most programs only ask, or take back what they never gave.</summary>
    private byte[]?[]? _colors;

    /// <summary>A bit for the numbers, and one for each other.</summary>
    private int _touched;

    private int _bytes;

    public long Bytes => 40 + _bytes + (_colors is null ? 0 : 24 + _colors.Length * 8);

    /// <summary>The colour of a number, or of text, background and cursor behind those; null: the terminal's own.</summary>
    public byte[]? this[int index] => _colors?[index];

    public bool HasTouchedNumbers => HasTouched(Numbers - 1);

    /// <summary>Whether the program has ever given a colour to this one, or taken it away; of the numbers, to any.</summary>
    public bool HasTouched(int index) => (_touched & Bit(index)) != 0;

    /// <summary>`number ; colour` any number of times; a question is no colour.</summary>
    public void SetNumbers(ReadOnlySpan<byte> payload)
    {
        while (payload.Length > 0)
        {
            ReadOnlySpan<byte> number = Next(ref payload);
            ReadOnlySpan<byte> color = Next(ref payload);
            if (IndexOf(number) is int index)
                Set(index, color);
        }
    }

    /// <summary>A colour for text, background or cursor, and more of them for those that come after it.</summary>
    public void SetOthers(int first, ReadOnlySpan<byte> payload)
    {
        for (int i = first; i < Others && payload.Length > 0; i++)
            Set(Numbers + i, Next(ref payload));
    }

    /// <summary>These numbers have the terminal's own colours again; without any, all.</summary>
    public void ResetNumbers(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            for (int i = 0; i < Numbers; i++)
                Reset(i);
        }
        while (payload.Length > 0)
        {
            if (IndexOf(Next(ref payload)) is int index)
                Reset(index);
        }
    }

    public void ResetOther(int which) => Reset(Numbers + which);

    /// <summary>As at first, but for what has been touched.</summary>
    public void Clear()
    {
        _colors = null;
        _bytes = 0;
    }

    private static int Bit(int index) => 1 << Math.Max(0, index - Numbers + 1);

    private static int? IndexOf(ReadOnlySpan<byte> number) =>
        Utf8Parser.TryParse(number, out byte index, out int length) && length == number.Length ? index : null;

    /// <summary>What is before the next semicolon, which goes too.</summary>
    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> payload)
    {
        int end = payload.IndexOf((byte)';');
        ReadOnlySpan<byte> next = end < 0 ? payload : payload[..end];
        payload = end < 0 ? default : payload[(end + 1)..];
        return next;
    }

    private void Set(int index, ReadOnlySpan<byte> color)
    {
        if (color.Length > MaxLength || !IsColor(color))
            return;
        Reset(index);
        _colors ??= new byte[Numbers + Others][];
        _colors[index] = color.ToArray();
        _bytes += color.Length + 24;
    }

    private void Reset(int index)
    {
        _touched |= Bit(index);
        if (_colors?[index] is not { } color)
            return;
        _bytes -= color.Length + 24;
        _colors[index] = null;
    }

    /// <summary>`rgb:` and three numbers, `#` and 3 to 12 digits, or a name: what else may come is taken by few terminals, or by none.</summary>
    private static bool IsColor(ReadOnlySpan<byte> color)
    {
        if (color.StartsWith("rgb:"u8))
            return IsHex(color[4..], separators: 2);
        if (color.StartsWith("#"u8))
            return color.Length is 4 or 7 or 10 or 13 && IsHex(color[1..], separators: 0);
        foreach (byte each in color)
        {
            if (!char.IsAsciiLetterOrDigit((char)each) && each != ' ')
                return false;
        }
        return color.Length > 0 && char.IsAsciiLetter((char)color[0]);
    }

    private static bool IsHex(ReadOnlySpan<byte> digits, int separators)
    {
        int length = 0;
        foreach (byte each in digits)
        {
            if (each == '/' && length is >= 1 and <= 4)
                (separators, length) = (separators - 1, 0);
            else if (char.IsAsciiHexDigit((char)each))
                length++;
            else
                return false;
        }
        return separators == 0 && length > 0;
    }
}
