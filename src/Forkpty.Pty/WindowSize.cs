using Forkpty.Interop;

namespace Forkpty;

/// <summary>The size of a terminal's window; struct winsize of ioctl_tty(2).</summary>
/// <param name="Rows">Lines of text.</param>
/// <param name="Columns">Characters of a line.</param>
/// <param name="PixelWidth">Width in pixels, 0 where unknown.</param>
/// <param name="PixelHeight">Height in pixels, 0 where unknown.</param>
public readonly record struct WindowSize(ushort Rows, ushort Columns, ushort PixelWidth = 0, ushort PixelHeight = 0)
{
    /// <summary>24 rows of 80 columns, as every terminal begins.</summary>
    public static WindowSize Default => new(24, 80);

    internal Libc.winsize ToNative() => new() { ws_row = Rows, ws_col = Columns, ws_xpixel = PixelWidth, ws_ypixel = PixelHeight };

    internal static WindowSize FromNative(in Libc.winsize size) => new(size.ws_row, size.ws_col, size.ws_xpixel, size.ws_ypixel);

    /// <inheritdoc/>
    public override string ToString() => $"{Rows}x{Columns}";
}
