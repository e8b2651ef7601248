namespace Forkpty.Screen;

/// <summary>How a cell looks. A colour is 26 bits: where it comes from in the upper two, and its number or its red, green and blue.</summary>
internal readonly record struct Style(uint Foreground, uint Background, uint Underline, StyleFlags Flags, ushort Link)
{
    public const uint ColorMask = 0x3FFFFFF;
    public const int ColorKindShift = 24;
    public const uint Basic = 1u << ColorKindShift;
    public const uint Indexed = 2u << ColorKindShift;
    public const uint Rgb = 3u << ColorKindShift;

    /// <summary>The kind of line is above the colour of the line: 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed.</summary>
    public const int UnderlineKindShift = 26;

    public int UnderlineKind => (int)(Underline >> UnderlineKindShift);

    public bool IsDefault => this == default;

    public bool Equals(Style other) =>
        Foreground == other.Foreground && Background == other.Background && Underline == other.Underline && Flags == other.Flags && Link == other.Link;

    public override int GetHashCode()
    {
        uint hash = Foreground * 0x9E3779B1u ^ Background * 0x85EBCA6Bu ^ Underline * 0xC2B2AE35u ^ (uint)Flags * 0x27D4EB2Fu ^ Link * 0x165667B1u;
        return (int)(hash ^ hash >> 15);
    }
}
