namespace Forkpty.Screen;

[Flags]
internal enum StyleFlags : ushort
{
    None = 0,
    Bold = 1,
    Dim = 2,
    Italic = 4,
    Blink = 8,
    Inverse = 0x10,
    Invisible = 0x20,
    Strikethrough = 0x40,
    Overline = 0x80,

    /// <summary>Not erased by a selective erase (DECSCA).</summary>
    Protected = 0x100,
}
