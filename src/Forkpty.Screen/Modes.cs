namespace Forkpty.Screen;

/// <summary>What a program has switched on, or off, that cells do not show.</summary>
[Flags]
internal enum Modes : uint
{
    None = 0,
    Insert = 1,
    NewLine = 2,
    CursorKeys = 4,
    Keypad = 8,
    Origin = 0x10,
    Wrap = 0x20,
    ReverseWrap = 0x40,
    ReverseVideo = 0x80,
    CursorBlink = 0x100,
    CursorHidden = 0x200,
    BracketedPaste = 0x400,
    Focus = 0x800,
    Synchronized = 0x1000,
    AlternateScroll = 0x2000,

    /// <summary>What a new terminal has, and a soft reset leaves.</summary>
    Initial = Wrap,

    /// <summary>What a soft reset (DECSTR) puts back.</summary>
    SoftReset = Insert | CursorKeys | Keypad | Origin | Wrap | ReverseWrap | CursorHidden | BracketedPaste | Focus | Synchronized,
}
