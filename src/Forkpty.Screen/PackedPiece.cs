namespace Forkpty.Screen;

internal enum PackedPiece
{
    /// <summary>Characters from space to tilde, a cell each.</summary>
    Ascii,

    /// <summary>One character, in one cell or two, or a mark on the cell before.</summary>
    Character,

    /// <summary>Cells without content.</summary>
    Blanks,

    /// <summary>A character without a width in a cell of its own.</summary>
    Lone,

    /// <summary>A second half without the first.</summary>
    Tail,

    /// <summary>A first half without the second.</summary>
    Half,
}
