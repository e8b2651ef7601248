using System.Buffers;

namespace Forkpty.Screen;

/// <summary>Writes the bytes that make a new terminal what another one is.</summary>
internal ref partial struct SnapshotWriter(IBufferWriter<byte> output, Inks inks, Links links)
{
    private Scratch _bytes = new(16 * 1024);

    /// <summary>The style that the terminal has by now, and whether that is known.</summary>
    private Style _style;

    private int _x;
    private int _columns;

    /// <summary>The last cell was written, so that the next character wraps.</summary>
    private bool _isWaiting;

    /// <summary>The style of the blank in the last column of the line before.</summary>
    private Style _lastBlank;

    private bool _isFirst = true;

    public void Write(VirtualTerminal.State state, int historyLines, bool putsTitlesAside)
    {
        _columns = state.Columns;
        if (putsTitlesAside)
            WriteTitlesAside(state);
        WriteTitle('2', state.Title);
        WriteTitle('1', state.IconTitle);
        WritePalette(state.Palette);
        WriteHistory(state.Normal.History!, historyLines);
        WritePage(state.Normal);
        if (state.Alternate is not null)
            WriteAlternate(state);
        Page page = state.Alternate ?? state.Normal;
        WriteSavedCursor(page);
        WriteMargins(page, state);
        WriteKeyboard(page);
        WriteCursor(page, state);
        WriteCharsets(state);
        WriteModes(state);
        SetStyle(state.Pen.Style);
        WriteLineColor(state.Pen);
        WriteLast(page, state);
        WriteBegun(state);
        Flush();
    }

    public readonly void Dispose() => _bytes.Dispose();

    private void WriteAlternate(VirtualTerminal.State state)
    {
        Page normal = state.Normal;
        WriteMargins(normal, state);
        WriteKeyboard(normal);
        int savedY = Math.Max(normal.SavedY - normal.Base, 0);
        bool isSaved = normal.X == normal.SavedX && normal.Y == savedY;
        MoveTo(normal.SavedX, savedY);
        SetStyle(normal.SavedStyle);
        Designate('(', normal.SavedCharset);
        if (!isSaved)
        {
            _bytes.Add("\e7"u8);
            MoveTo(Math.Min(normal.X, state.Columns - 1), normal.Y);
        }
        // Some terminals know only 1049, which saves the cursor where it is.
        _bytes.Add(isSaved ? "\e[?1049h"u8 : "\e[?47h"u8);
        Designate('(', Charset.Ascii);
        ResetStyle();
        _bytes.Add("\e[r\e[2J\e[H"u8);
        WritePage(state.Alternate!);
    }

    /// <summary>
    /// A title that the program has never set is not in it: the terminal puts aside its own, and fetches it again with the program. What was put aside with one sequence is so
    /// again: some terminals have one stack for both.
    /// </summary>
    private void WriteTitlesAside(VirtualTerminal.State state)
    {
        for (int left = Math.Max(state.Titles.Count, state.IconTitles.Count); left > 0; left--)
        {
            bool hasTitle = left <= state.Titles.Count;
            bool hasIcon = left <= state.IconTitles.Count;
            if (hasTitle)
                WriteTitle('2', state.Titles[^left]);
            if (hasIcon)
                WriteTitle('1', state.IconTitles[^left]);
            Csi(22, hasTitle && hasIcon ? 0 : hasTitle ? 2 : 1, 't');
        }
    }

    private void WriteTitle(char which, byte[]? title)
    {
        if (title is null)
            return;
        _bytes.Add("\e]"u8);
        _bytes.Add((byte)which);
        _bytes.Add((byte)';');
        _bytes.Add(title);
        _bytes.Add("\e\\"u8);
    }

    /// <summary>Tab stops and margins; the cursor is anywhere after it.</summary>
    private void WriteMargins(Page page, VirtualTerminal.State state)
    {
        if (!page.Tabs.IsDefault())
        {
            _bytes.Add("\e[3g"u8);
            for (int column = 0; column < state.Columns; column++)
            {
                if (!page.Tabs[column])
                    continue;
                Csi(column + 1, 'G');
                _bytes.Add("\eH"u8);
            }
        }
        if (page.ScrollTop > 0 || page.ScrollBottom < state.Rows - 1)
            Csi(page.ScrollTop + 1, page.ScrollBottom + 1, 'r');
    }

    private void WriteKeyboard(Page page)
    {
        if (page.Keyboard is null || page.Keyboard.IsDefault)
            return;
        bool isFirst = true;
        foreach (int flags in page.Keyboard.All())
        {
            _bytes.Add(isFirst ? "\e[="u8 : "\e[>"u8);
            Number(flags);
            _bytes.Add((byte)'u');
            isFirst = false;
        }
    }

    /// <summary>A set that a restored cursor brought back alone is designated, as terminals do that restore all of them.</summary>
    private void WriteCharsets(VirtualTerminal.State state)
    {
        for (int i = 0; i < 4; i++)
            Designate("()*+"[i], i == state.Level ? state.Charset : state.Charsets[i], onlyOther: true);
        if (state.Level > 0)
            _bytes.Add(state.Level switch { 1 => "\x0E"u8, 2 => "\en"u8, _ => "\eo"u8 });
    }

    private void WriteModes(VirtualTerminal.State state)
    {
        Modes modes = state.Modes;
        WriteMode(modes, Modes.Insert, "\e[4h"u8);
        WriteMode(modes, Modes.NewLine, "\e[20h"u8);
        WriteMode(modes, Modes.CursorKeys, "\e[?1h"u8);
        WriteMode(modes, Modes.Keypad, "\e="u8);
        WriteMode(modes, Modes.ReverseVideo, "\e[?5h"u8);
        WriteMode(modes, Modes.ReverseWrap, "\e[?45h"u8);
        WriteMode(modes, Modes.CursorBlink, "\e[?12h"u8);
        WriteMode(modes, Modes.CursorHidden, "\e[?25l"u8);
        WriteMode(modes, Modes.BracketedPaste, "\e[?2004h"u8);
        WriteMode(modes, Modes.Focus, "\e[?1004h"u8);
        WriteMode(modes, Modes.AlternateScroll, "\e[?1007h"u8);
        WriteMode(modes, Modes.Synchronized, "\e[?2026h"u8);
        WriteMode(~modes, Modes.Wrap, "\e[?7l"u8);
        if (state.Mouse > 0)
            PrivateMode(state.Mouse);
        if (state.MouseEncoding > 0)
            PrivateMode(state.MouseEncoding);
        if (state.KeyModifiers > 0)
        {
            _bytes.Add("\e[>4;"u8);
            Number(state.KeyModifiers);
            _bytes.Add((byte)'m');
        }
        if (state.CursorStyle > 0)
            Csi(state.CursorStyle, " q"u8);
    }

    /// <summary>The colour of a line that is not drawn yet.</summary>
    private void WriteLineColor(in Pen pen)
    {
        if (pen.LineKind != 0 || pen.LineColor == 0)
            return;
        _bytes.Add("\e["u8);
        WriteColor(58, pen.LineColor);
        _bytes.Add((byte)'m');
    }

    private void WriteMode(Modes modes, Modes mode, ReadOnlySpan<byte> sequence)
    {
        if ((modes & mode) != 0)
            _bytes.Add(sequence);
    }

    /// <summary>The beginning of what the program has not finished: the rest comes from it.</summary>
    private void WriteBegun(VirtualTerminal.State state)
    {
        switch (state.Parser)
        {
            case ParserState.Escape or ParserState.EscapeIntermediate:
                _bytes.Add(0x1B);
                WriteCollected(state.Collected);
                break;
            case ParserState.CsiEntry or ParserState.CsiParameter or ParserState.CsiIntermediate:
                _bytes.Add("\e["u8);
                WriteParameters(state);
                break;
            case ParserState.CsiIgnore:
                _bytes.Add("\e[1?"u8);
                break;
            case ParserState.OscString:
                _bytes.Add("\e]"u8);
                _bytes.Add(state.Text);
                break;
            case ParserState.DcsEntry or ParserState.DcsParameter or ParserState.DcsIntermediate or ParserState.DcsString:
                _bytes.Add("\eP"u8);
                WriteParameters(state);
                _bytes.Add(state.Text);
                break;
            case ParserState.DcsIgnore:
                _bytes.Add("\eP1?"u8);
                break;
            case ParserState.OtherString:
                _bytes.Add("\e_"u8);
                break;
        }
        _bytes.Add(state.PartialCharacter);
    }

    private void WriteParameters(VirtualTerminal.State state)
    {
        uint collected = state.Collected;
        // The prefix is before the parameters, the intermediate bytes are behind.
        int shift = 24;
        while (shift > 0 && collected >> shift == 0)
            shift -= 8;
        if ((collected >> shift & 0xFF) is >= '<' and <= '?')
        {
            _bytes.Add((byte)(collected >> shift));
            collected &= (1u << shift) - 1;
        }
        if (state.Parser is not (ParserState.CsiEntry or ParserState.DcsEntry))
            state.Parameters.Write(ref _bytes);
        WriteCollected(collected);
    }

    private void WriteCollected(uint collected)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            if (collected >> shift != 0)
                _bytes.Add((byte)(collected >> shift));
        }
    }
}
