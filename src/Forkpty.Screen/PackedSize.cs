namespace Forkpty.Screen;

/// <summary>What of a packed line matters where lines are broken anew.</summary>
/// <param name="Cells">Cells that are stored.</param>
/// <param name="Trimmed">Cells up to the last that has content.</param>
/// <param name="StartsWide">The first character takes two columns.</param>
internal readonly record struct PackedSize(int Cells, int Trimmed, bool StartsWide)
{
    public static PackedSize Of(ReadOnlySpan<byte> packed)
    {
        if (!packed.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E))
            return new PackedSize(packed.Length, packed.Length, false);
        int cells = 0;
        int trimmed = 0;
        bool startsWide = false;
        PackedReader reader = new(packed);
        while (reader.Next())
        {
            startsWide |= cells == 0 && (reader.Piece == PackedPiece.Half || reader.Cells == 2 && reader.Piece == PackedPiece.Character);
            cells += reader.Cells;
            if (reader.Piece is not (PackedPiece.Blanks or PackedPiece.Tail))
                trimmed = cells;
        }
        return new PackedSize(cells, trimmed, startsWide);
    }
}
