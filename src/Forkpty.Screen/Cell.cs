namespace Forkpty.Screen;

/// <summary>
/// A cell of the live screen is 32 bits: 17 of content, one for a character of two columns, 14 of style. A screen of 200x50 takes 40 KB so;
/// with 64 bits it would be more than a kept session may take.
/// </summary>
internal static class Cell
{
    /// <summary>Content is a character of the basic plane, or with <see cref="Cluster"/> an index into the clusters; 0 is a cell without any.</summary>
    public const uint Content = 0x1FFFF;

    /// <summary>The content is a cluster: a character with marks, one beyond the basic plane, or one without a width in a cell of its own.</summary>
    public const uint Cluster = 0x10000;

    /// <summary>The first half of a character of two columns.</summary>
    public const uint Wide = 0x20000;

    /// <summary>The content of the second half of a character of two columns. U+FFFF itself is stored as a cluster.</summary>
    public const uint Tail = 0xFFFF;

    public const int StyleShift = 18;
    public const int MaxStyles = 1 << 14;
    public const int MaxClusters = 1 << 16;

    public static bool IsWide(uint cell) => (cell & Wide) != 0;

    public static bool IsTail(uint cell) => (cell & Content) == Tail;

    public static bool HasContent(uint cell) => (cell & Content) is not 0 and not Tail;

    public static int StyleOf(uint cell) => (int)(cell >> StyleShift);
}
