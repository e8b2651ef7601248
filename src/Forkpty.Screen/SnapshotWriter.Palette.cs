namespace Forkpty.Screen;

internal ref partial struct SnapshotWriter
{
    /// <summary>What the program has touched; what it has left alone is the terminal's, or its owner's.</summary>
    private void WritePalette(Palette? palette)
    {
        if (palette is null)
            return;
        if (palette.HasTouchedNumbers)
            _bytes.Add("\e]104\e\\"u8);
        for (int i = 0; i < Palette.Numbers; i++)
        {
            if (palette[i] is { } color)
                WriteColorOf("\e]4;"u8, i, color);
        }
        for (int i = 0; i < Palette.Others; i++)
        {
            if (palette[Palette.Numbers + i] is { } color)
                WriteColorOf("\e]"u8, 10 + i, color);
            else if (palette.HasTouched(Palette.Numbers + i))
                WriteColorOf("\e]"u8, 110 + i, default);
        }
    }

    private void WriteColorOf(ReadOnlySpan<byte> command, int number, ReadOnlySpan<byte> color)
    {
        _bytes.Add(command);
        Number(number);
        if (color.Length > 0)
            _bytes.Add((byte)';');
        _bytes.Add(color);
        _bytes.Add("\e\\"u8);
    }
}
