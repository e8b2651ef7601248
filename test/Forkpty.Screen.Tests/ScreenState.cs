using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Forkpty.Screen.Tests;

/// <summary>All that a terminal knows, as text: the same as oracle.cjs makes of the oracle's.</summary>
internal static class ScreenState
{
    private const string Plain = "0,0,0,0,0,";

    private static readonly (Modes Mode, string Name)[] Named =
    [
        (Modes.Insert, "insert"), (Modes.NewLine, "newLine"), (Modes.CursorKeys, "cursorKeys"), (Modes.Keypad, "keypad"), (Modes.Origin, "origin"),
        (Modes.Wrap, "wrap"), (Modes.ReverseWrap, "reverseWrap"), (Modes.CursorBlink, "cursorBlink"), (Modes.CursorHidden, "cursorHidden"),
        (Modes.BracketedPaste, "paste"), (Modes.Focus, "focus"), (Modes.Synchronized, "synchronized"),
    ];

    public static string Hash(VirtualTerminal terminal) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Of(terminal))));

    public static string Of(VirtualTerminal terminal)
    {
        VirtualTerminal.State state = terminal.Inspect();
        var charsets = string.Concat(state.Charsets.ToArray().Select(Name));
        var lines = new List<string>
        {
            $"size {state.Rows} {state.Columns}",
            $"screen {(state.Alternate is null ? "normal" : "alternate")}",
            $"modes {NamesOf(state.Modes)}",
            $"mouse {state.Mouse} {(state.MouseEncoding is 1005 or 1015 ? 0 : state.MouseEncoding)}",
            $"shape {state.CursorStyle}",
            $"charsets {charsets} {state.Level} {Name(state.Charset)}",
            $"pen {Of(state.Pen.Style, terminal)}",
            $"title {terminal.Title}",
            $"icon {terminal.IconTitle}",
        };
        if (state.Palette is { } palette)
            lines.AddRange(Enumerable.Range(0, Palette.Numbers + Palette.Others).Where(i => palette[i] is not null).Select(i => $"color {i} {Rgb(palette[i]!)}"));
        lines.AddRange(state.Titles.Select(title => $"pushed title {Encoding.UTF8.GetString(title ?? [])}"));
        lines.AddRange(state.IconTitles.Select(title => $"pushed icon {Encoding.UTF8.GetString(title ?? [])}"));
        if (state.Alternate is not null)
            Add(state.Normal, terminal, isActive: false, lines);
        Add(state.Alternate ?? state.Normal, terminal, isActive: true, lines);
        return string.Join('\n', lines);
    }

    private static string NamesOf(Modes modes) => string.Join(' ', Named.Where(each => modes.HasFlag(each.Mode)).Select(each => each.Name));

    /// <summary>As red, green and blue, if it is written with one or two digits each.</summary>
    private static string Rgb(byte[] color)
    {
        string text = Encoding.ASCII.GetString(color);
        if (text.StartsWith("rgb:", StringComparison.Ordinal))
            text = "#" + string.Concat(text[4..].Split('/').Select(part => part.Length == 1 ? part + part : part));
        return text.Length == 7 && text[0] == '#' ? string.Join(' ', Convert.FromHexString(text[1..])) : text;
    }

    public static char Name(Charset charset) => charset == Charset.Ascii ? 'B' : (char)charset;

    private static void Add(Page page, VirtualTerminal terminal, bool isActive, List<string> lines)
    {
        Style saved = page.SavedStyle;
        if (isActive)
            lines.Add($"cursor {page.X} {page.Y}");
        lines.Add($"margins {page.ScrollTop} {page.ScrollBottom}");
        lines.Add($"saved {Math.Min(page.SavedX, terminal.Columns - 1)} {Math.Clamp(page.SavedY - page.Base, 0, terminal.Rows - 1)} {saved.Foreground} {saved.Background} {(int)saved.Flags} {Name(page.SavedCharset)}");
        lines.Add($"tabs {string.Join(' ', Enumerable.Range(0, terminal.Columns).Where(column => page.Tabs[column]))}");
        lines.Add($"history {page.Base}");
        if (page.History is not null)
        {
            foreach (HistoryLine line in page.History)
                lines.Add(Of(line, terminal));
        }
        if (page.Rows.Length == 0)
            lines.AddRange(page.ParkedLines().Select(line => Of(line, terminal)));
        Inks inks = terminal.Inspect().Inks;
        Scratch packed = new(256);
        foreach (Row row in page.Rows)
        {
            packed.Clear();
            PackedLine.Pack(row.Cells.AsSpan(0, terminal.Columns), inks.Styles, inks.Clusters, ref packed);
            lines.Add(Of(new HistoryLine(packed.Written.ToArray(), row.Wrapped), terminal));
        }
        packed.Dispose();
    }

    private static string Of(HistoryLine line, VirtualTerminal terminal)
    {
        var text = new StringBuilder(line.Wrapped ? ">" : "|");
        string last = Plain;
        PackedReader reader = new(line.Packed.Span);
        bool isWide = false;
        var pending = new StringBuilder();
        while (reader.Next())
        {
            if (isWide && reader.Cells > 0)
                text.Append('\x01');
            isWide = isWide && reader.Cells == 0;
            string style = Of(reader.Style, terminal);
            // The default style and blanks in it are said only if something comes behind them.
            bool isNothing = reader.Piece == PackedPiece.Blanks && style == Plain;
            if (style != last && style == Plain)
                pending.Append(CultureInfo.InvariantCulture, $"{{{style}}}");
            else if (style != last)
                text.Append(pending).Append(CultureInfo.InvariantCulture, $"{{{style}}}");
            if (isNothing)
                pending.Append('\x02', reader.Cells);
            else if (style == last || style == Plain)
                text.Append(pending);
            if (!isNothing)
                pending.Clear();
            last = style;
            if (isNothing)
                continue;
            switch (reader.Piece)
            {
                case PackedPiece.Ascii:
                    text.Append(Encoding.ASCII.GetString(reader.Ascii));
                    break;
                case PackedPiece.Blanks:
                    text.Append('\x02', reader.Cells);
                    break;
                case PackedPiece.Tail:
                    text.Append('\x01');
                    break;
                case PackedPiece.Lone:
                    text.Append(new Rune(reader.CodePoint)).Append('\x04');
                    break;
                case PackedPiece.Half:
                    text.Append(new Rune(reader.CodePoint)).Append('\x03');
                    break;
                default:
                    if (reader.Cells == 0 && isWide)
                        text.Insert(text.Length - 1, new Rune(reader.CodePoint).ToString());
                    else
                        text.Append(new Rune(reader.CodePoint));
                    if (reader.Cells == 2)
                        text.Append('\x03');
                    isWide |= reader.Cells == 2;
                    break;
            }
        }
        if (isWide)
            text.Append('\x01');
        return text.ToString();
    }

    private static string Of(in Style style, VirtualTerminal terminal)
    {
        string link = style.Link == 0 ? "" : Encoding.UTF8.GetString(terminal.Inspect().Links[style.Link]);
        return $"{style.Foreground:x},{style.Background:x},{(int)style.Flags:x},{style.UnderlineKind},{style.Underline & Style.ColorMask:x},{link[(link.IndexOf(';') + 1)..]}";
    }
}
