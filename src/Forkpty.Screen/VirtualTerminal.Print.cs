using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forkpty.Screen;

public sealed partial class VirtualTerminal
{
    /// <summary>Columns of the character that a mark would join; 0: none, because something else came in between.</summary>
    private int _joining;

    /// <summary>Characters from space to tilde.</summary>
    private void Print(ReadOnlySpan<byte> text)
    {
        if (_charset != Charset.Ascii || Is(Modes.Insert))
        {
            foreach (byte character in text)
                Print((int)character);
            return;
        }
        uint ink = Ink();
        Row row = _page.Current;
        int x = _page.X;
        LoseHead(row, x, ink);
        while (true)
        {
            int room = Math.Min(_columns - x, text.Length);
            Widen(text[..room], ink, row.Cells.AsSpan(x, room));
            x += room;
            text = text[room..];
            if (text.Length == 0)
                break;
            if (Is(Modes.Wrap))
            {
                row = Wrap();
                x = 0;
            }
            else
            {
                // Each overwrites the last column, so only the last of them is seen.
                x = _columns - 1;
                text = text[^1..];
            }
        }
        _page.X = x;
        LoseTail(row, x, ink);
        _joining = 1;
    }

    /// <summary>A character, or a mark that joins the one before.</summary>
    private void Print(int code)
    {
        if (code < 0x7F && _charset != Charset.Ascii)
            code = Charsets.Map(_charset, code);
        int width = Widths.Of(code);
        uint ink = Ink();
        Row row = _page.Current;
        if (width == 0 && _joining > 0 && _page.X > 0)
        {
            Join(row, code);
            return;
        }
        LoseHead(row, _page.X, ink);
        if (_page.X + width > _columns)
        {
            if (Is(Modes.Wrap))
            {
                row.Cells.AsSpan(_page.X, _columns - _page.X).Fill(ink);
                row = Wrap();
                _page.X = 0;
            }
            else
            {
                _page.X = _columns - 1;
                if (width == 2)
                {
                    _joining = 2;
                    LoseTail(row, _page.X, ink);
                    return;
                }
            }
        }
        if (_page.X == _columns)
            return;
        if (Is(Modes.Insert) && width > 0)
        {
            row.Insert(_page.X, width, ink);
            if (Cell.IsWide(row.Cells[_columns - 1]))
                row.Cells[_columns - 1] = ink;
        }
        Put(row, code, width, ink);
        LoseTail(row, _page.X, ink);
    }

    private void Put(Row row, int code, int width, uint ink)
    {
        uint content = width == 0 ? _inks.Lone(code) : _inks.Of(code);
        row.Cells[_page.X++] = content | ink | (width == 2 ? Cell.Wide : 0);
        if (width == 2)
            row.Cells[_page.X++] = Cell.Tail | ink;
        _joining = width;
    }

    private void Join(Row row, int mark)
    {
        int x = _page.X - 1;
        if (x > 0 && Cell.IsTail(row.Cells[x]))
            x--;
        ref uint cell = ref row.Cells[x];
        if (Cell.HasContent(cell))
            cell = cell & ~Cell.Content | _inks.Append(cell & Cell.Content, mark);
        else
            cell = cell & ~Cell.Content | _inks.Lone(mark);
    }

    /// <summary>The second half of a character is about to be overwritten, and the first goes with it.</summary>
    private static void LoseHead(Row row, int x, uint ink)
    {
        if (x > 0 && Cell.IsWide(row.Cells[x - 1]))
            row.Cells[x - 1] = ink;
    }

    /// <summary>The first half of a character was overwritten, and the second goes with it.</summary>
    private void LoseTail(Row row, int x, uint ink)
    {
        if (x < _columns && Cell.IsTail(row.Cells[x]))
            row.Cells[x] = ink;
    }

    /// <summary>Goes on in the next line, which remembers that it does; that line.</summary>
    private Row Wrap()
    {
        _page.Y++;
        if (_page.Y == _page.ScrollBottom + 1)
        {
            _page.Y--;
            _page.ScrollUp(Blank(), wrapped: true, _inks.Styles, _inks.Clusters);
        }
        else
        {
            _page.Y = Math.Min(_page.Y, _rows - 1);
            _page.Current.Wrapped = true;
        }
        return _page.Current;
    }

    private static void Widen(ReadOnlySpan<byte> text, uint ink, Span<uint> cells)
    {
        ReadOnlySpan<Vector128<byte>> narrow = MemoryMarshal.Cast<byte, Vector128<byte>>(text);
        Span<Vector128<uint>> wide = MemoryMarshal.Cast<uint, Vector128<uint>>(cells);
        Vector128<uint> inks = Vector128.Create(ink);
        for (int i = 0; i < narrow.Length; i++)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(narrow[i]);
            (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(low);
            (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(high);
            wide[4 * i] = a | inks;
            wide[4 * i + 1] = b | inks;
            wide[4 * i + 2] = c | inks;
            wide[4 * i + 3] = d | inks;
        }
        for (int i = narrow.Length * Vector128<byte>.Count; i < text.Length; i++)
            cells[i] = text[i] | ink;
    }

    /// <summary>
    /// Repeats the character before the cursor (REP), if it was the last thing that came. A screenful at most: whoever sends 10 bytes shall not make work for a million cells.
    /// </summary>
    private void Repeat(int count)
    {
        if (_joining == 0)
            return;
        int x = _page.X - _joining;
        if (x < 0 || !Cell.HasContent(_page.Current.Cells[x]))
            return;
        Span<int> codePoints = stackalloc int[ClusterTable.MaxLength];
        codePoints = codePoints[.._inks.Clusters.Spell(_page.Current.Cells[x] & Cell.Content, codePoints)];
        count = Math.Min(count, _rows * _columns);
        if (codePoints.Length == 1 && codePoints[0] is >= 0x20 and < 0x7F)
        {
            Span<byte> run = stackalloc byte[256];
            run.Fill((byte)codePoints[0]);
            for (; count > 0; count -= run.Length)
                Print(run[..Math.Min(count, run.Length)]);
            return;
        }
        for (; count > 0; count--)
        {
            foreach (int codePoint in codePoints)
                Print(codePoint);
        }
    }
}
