using System.Buffers;
using System.Text;

namespace Forkpty.Screen;

/// <summary>
/// A terminal without glass: it takes what a program puts out and knows what a person would see, so that a terminal that is attached later can be given
/// the same. It answers nothing and rings nothing. Not safe for use by several threads at once.
/// </summary>
/// <remarks>
/// Held to xterm.js: docs/screen.md says what is kept and what differs. Any bytes may come, cut anywhere. What they can make it hold is bounded by the size of the screen and
/// by the bounds given for history; titles by 4 KB each, a hyperlink by 2 KB, a character by 16 code points.
/// </remarks>
public sealed partial class VirtualTerminal
{
    /// <summary>Rows and columns at most; more are taken as so many.</summary>
    public const int MaxSize = 2000;

    private readonly Page _normal;
    private readonly Inks _inks;
    private readonly Links _links = new();
    private Page _alternate;
    private Page _page;
    private int _rows;
    private int _columns;

    /// <summary>A terminal as it is when it is switched on.</summary>
    /// <param name="rows">Lines of the screen, 1 to 2,000; what is outside is taken as the nearest.</param>
    /// <param name="columns">Columns, 2 to 2,000; what is outside is taken as the nearest.</param>
    /// <param name="historyLines">Lines kept that have left the screen at its top; the oldest go first. 0: none.</param>
    /// <param name="historyBytes">Bytes that history may take, give or take 16 KB.</param>
    public VirtualTerminal(int rows, int columns, int historyLines = 2000, long historyBytes = 4 << 20)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(historyLines);
        ArgumentOutOfRangeException.ThrowIfNegative(historyBytes);
        _rows = Math.Clamp(rows, 1, MaxSize);
        _columns = Math.Clamp(columns, 2, MaxSize);
        _normal = new Page(_rows, _columns, new History(historyLines, historyBytes));
        _alternate = new Page(_rows, _columns, null);
        _page = _normal;
        _page.Rows = Page.NewRows(_rows, _columns, 0);
        _inks = new Inks(() => _page.Rows);
    }

    /// <summary>Lines of the screen.</summary>
    public int Rows => _rows;

    /// <summary>Columns of the screen.</summary>
    public int Columns => _columns;

    /// <summary>The line of the cursor, from 0.</summary>
    public int CursorRow => _page.Y;

    /// <summary>The column of the cursor, from 0. It is <see cref="Columns"/> where the last column was written and the next character begins a line.</summary>
    public int CursorColumn => _page.X;

    /// <summary>Whether a program shows the alternate screen, which has no history.</summary>
    public bool IsAlternate => _page != _normal;

    /// <summary>Lines of history.</summary>
    public int HistoryLines => _normal.Base;

    /// <summary>Bytes that the lines of history take, without what is allocated for the next ones.</summary>
    public long HistoryBytes => _normal.History!.LineBytes;

    /// <summary>The title of the window, as the program set it last; at most 4,096 bytes of UTF-8. Empty if it has set none.</summary>
    public string Title => Encoding.UTF8.GetString(_title ?? []);

    /// <summary>The title of the icon, as the program set it last. Empty if it has set none.</summary>
    public string IconTitle => Encoding.UTF8.GetString(_iconTitle ?? []);

    /// <summary>How many questions to the terminal have passed: attributes, status, cursor, colours, modes. It answers none, so that who owns the terminal can let one answer.</summary>
    public long Questions { get; private set; }

    /// <summary>Bytes that it takes altogether, about.</summary>
    public long MemoryBytes =>
        1500 + _normal.Bytes + _alternate.Bytes + _inks.Styles.Bytes + _inks.Clusters.Bytes + _links.Bytes
        + (_title?.Length ?? 0) + (_iconTitle?.Length ?? 0) + _text.Length + (_palette?.Bytes ?? 0)
        + _titles.Sum(title => (title?.Length ?? 0) + 24L) + _iconTitles.Sum(title => (title?.Length ?? 0) + 24L);

    /// <summary>Takes what the program has put out; any piece of it.</summary>
    public void Write(ReadOnlySpan<byte> output)
    {
        while (output.Length > 0)
            output = output[Parse(output)..];
    }

    /// <summary>
    /// Changes the size, as when the window is resized. Lines that went on in the next are broken anew on the normal screen and in history; the line of
    /// the cursor is left to the program. The margins of scrolling are reset.
    /// </summary>
    public void Resize(int rows, int columns)
    {
        rows = Math.Clamp(rows, 1, MaxSize);
        columns = Math.Clamp(columns, 2, MaxSize);
        if (rows == _rows && columns == _columns)
            return;
        _rows = rows;
        _columns = columns;
        _normal.Resize(rows, columns, _inks);
        _alternate.Resize(rows, columns, _inks);
    }

    /// <summary>
    /// Writes the bytes that make a new terminal of this size what this one is: history, both screens, the cursor, titles, modes, and the beginning of a
    /// sequence if the program is in the middle of one. They hold no question and no bell. Before a terminal that is not new, <see cref="ResetSequence"/>.
    /// </summary>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="historyLines">Lines of history at most, the newest.</param>
    /// <param name="putsTitlesAside">Whether the titles that were put aside come too. Not for a terminal that has put them aside already, as the program did: it would have them twice.</param>
    public void Snapshot(IBufferWriter<byte> output, int historyLines = int.MaxValue, bool putsTitlesAside = true)
    {
        ArgumentNullException.ThrowIfNull(output);
        SnapshotWriter writer = new(output, _inks, _links);
        writer.Write(new State(this), historyLines, putsTitlesAside);
        writer.Dispose();
    }

    /// <summary>
    /// Bytes that bring a terminal in use back to where programs begin, before a snapshot or when a session is left: modes off, the alternate screen left, margins,
    /// sets of characters, keyboard and the look of text as at first, and its screen cleared. Its history and its titles stay, and so do its colours, which may be its owner's:
    /// a snapshot takes back those that the program has ever given or taken away.
    /// </summary>
    public static ReadOnlySpan<byte> ResetSequence =>
        // What was begun is broken off; the screen; the mouse; modes; the keyboard; the cursor; what text looks like; where it goes.
        "\u0018\e\\"u8
        + "\e[?1049l\e[?2026l"u8
        + "\e[?9l\e[?1000l\e[?1002l\e[?1003l\e[?1005l\e[?1006l\e[?1015l\e[?1016l"u8
        + "\e[?1004l\e[?2004l\e[?1007l\e[?1l\e>\e[?5l\e[?6l\e[?7h\e[?45l\e[4l\e[20l"u8
        + "\e[>4m\e[<8u"u8
        + "\e[?25h\e[0 q"u8
        + "\e[m\e[0\"q\e]8;;\e\\\e(B\e)B\e*B\e+B\u000F"u8
        + "\e[r\e[H\e[2J"u8;

    private uint Ink()
    {
        if (!_inkIsKnown)
        {
            _ink = _inks.Intern(_pen.Style);
            _inks.Held[0] = Cell.StyleOf(_ink);
            _inkIsKnown = true;
        }
        return _ink;
    }

    private uint Blank()
    {
        if (!_blankIsKnown)
        {
            _blank = _pen.Background == 0 ? 0 : _inks.Intern(_pen.Erased);
            _inks.Held[1] = Cell.StyleOf(_blank);
            _blankIsKnown = true;
        }
        return _blank;
    }

    private void PenChanged() => _inkIsKnown = _blankIsKnown = false;
}
