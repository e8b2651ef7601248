namespace Forkpty.Screen;

/// <summary>How the next characters will look. A colour for the line under them is kept even while there is no line.</summary>
internal struct Pen
{
    public uint Foreground;
    public uint Background;
    public uint LineColor;
    public int LineKind;
    public StyleFlags Flags;
    public ushort Link;

    public readonly Style Style => new(
        Foreground,
        Background,
        LineKind != 0 ? (uint)LineKind << Style.UnderlineKindShift | LineColor : 0,
        Flags,
        Link);

    /// <summary>What is erased gets the background, and nothing else.</summary>
    public readonly Style Erased => new(0, Background, 0, StyleFlags.None, 0);

    /// <summary>Everything but the link, which is not among what a cursor saves.</summary>
    public void Restore(in Style style)
    {
        Foreground = style.Foreground;
        Background = style.Background;
        Flags = style.Flags;
        LineKind = style.UnderlineKind;
        if (LineKind != 0)
            LineColor = style.Underline & Style.ColorMask;
    }

    /// <summary>Select graphic rendition (SGR).</summary>
    public void Apply(Parameters parameters)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            int value = parameters[i];
            switch (value)
            {
                case 0:
                    ushort link = Link;
                    this = default;
                    Link = link;
                    break;
                case >= 30 and <= 37:
                    Foreground = Style.Basic | (uint)(value - 30);
                    break;
                case >= 40 and <= 47:
                    Background = Style.Basic | (uint)(value - 40);
                    break;
                case >= 90 and <= 97:
                    Foreground = Style.Basic | (uint)(value - 90 + 8);
                    break;
                case >= 100 and <= 107:
                    Background = Style.Basic | (uint)(value - 100 + 8);
                    break;
                case 39:
                    Foreground = 0;
                    break;
                case 49:
                    Background = 0;
                    break;
                case 59:
                    LineColor = 0;
                    break;
                case 38 or 48 or 58:
                    i += ApplyColor(parameters, i);
                    break;
                case 4:
                    ReadOnlySpan<int> kind = parameters.Subs(i);
                    LineKind = kind.Length == 0 || kind[0] is < 0 or > 5 ? 1 : kind[0];
                    break;
                case 21:
                    LineKind = 2;
                    break;
                case 24:
                    LineKind = 0;
                    break;
                default:
                    ApplyFlag(value);
                    break;
            }
        }
    }

    private void ApplyFlag(int value)
    {
        switch (value)
        {
            case 1:
                Flags |= StyleFlags.Bold;
                break;
            case 2:
                Flags |= StyleFlags.Dim;
                break;
            case 3:
                Flags |= StyleFlags.Italic;
                break;
            case 5:
                Flags |= StyleFlags.Blink;
                break;
            case 7:
                Flags |= StyleFlags.Inverse;
                break;
            case 8:
                Flags |= StyleFlags.Invisible;
                break;
            case 9:
                Flags |= StyleFlags.Strikethrough;
                break;
            case 22:
                Flags &= ~(StyleFlags.Bold | StyleFlags.Dim);
                break;
            case 23:
                Flags &= ~StyleFlags.Italic;
                break;
            case 25:
                Flags &= ~StyleFlags.Blink;
                break;
            case 27:
                Flags &= ~StyleFlags.Inverse;
                break;
            case 28:
                Flags &= ~StyleFlags.Invisible;
                break;
            case 29:
                Flags &= ~StyleFlags.Strikethrough;
                break;
            case 53:
                Flags |= StyleFlags.Overline;
                break;
            case 55:
                Flags &= ~StyleFlags.Overline;
                break;
        }
    }

    private void Set(int target, uint color)
    {
        if (target == 38)
            Foreground = color;
        else if (target == 48)
            Background = color;
        else
            LineColor = color;
    }

    /// <summary>
    /// A colour by number or by its parts, written with semicolons, with colons, or both: `38;5;N`, `38:5:N`, `38;2;R;G;B`, `38:2::R:G:B`.
    /// Returns how many parameters it took behind the first.
    /// </summary>
    private int ApplyColor(Parameters parameters, int at)
    {
        // What is meant, how, the colour space, and three values; semicolons leave no place for the space.
        Span<int> slots = [parameters[at], 0, -1, 0, 0, 0];
        int shift = 0;
        int taken = 0;
        do
        {
            slots[taken + shift] = parameters[at + taken];
            ReadOnlySpan<int> subs = parameters.Subs(at + taken);
            if (subs.Length > 0)
            {
                for (int i = 0; i < subs.Length; i++)
                {
                    if (slots[1] == 5)
                        shift = 1;
                    if (taken + i + 1 + shift >= slots.Length)
                        break;
                    slots[taken + i + 1 + shift] = subs[i];
                }
                break;
            }
            if (slots[1] == 5 && taken + shift >= 2 || slots[1] == 2 && taken + shift >= 5)
                break;
            if (slots[1] != 0)
                shift = 1;
            taken++;
        }
        while (at + taken < parameters.Count && taken + shift < slots.Length);

        uint a = (uint)Math.Max(slots[3], 0) & 0xFF;
        uint b = (uint)Math.Max(slots[4], 0) & 0xFF;
        uint c = (uint)Math.Max(slots[5], 0) & 0xFF;
        if (slots[1] == 5)
            Set(slots[0], Style.Indexed | a);
        else if (slots[1] == 2)
            Set(slots[0], Style.Rgb | a << 16 | b << 8 | c);
        return taken;
    }
}
