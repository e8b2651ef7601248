using System.Buffers;
using System.Globalization;
using System.Text;
using Forkpty.Screen;
using Forkpty.Upgrade;

namespace Forkpty.Named;

/// <summary>What a kept session remembers: its last output by offset, and its screen.</summary>
internal sealed class SessionHistory
{
    /// <summary>Lines that a person can scroll back to after coming back.</summary>
    private const int Scrollback = 2_000;

    /// <summary>Of a larger screen so much is remembered: more than anybody has, and at most 4 MB. A screen of 2,000 by 2,000 takes 16 MB, and a client can ask for 65,535 by 65,535.</summary>
    private const int MostRows = 500;
    private const int MostColumns = 1_000;

    /// <summary>Bytes that paint a screen with what has left it, or for a viewer. A queue of so many takes 4 MiB, which is the most that a client may cost which does not read.</summary>
    private const int MostPainted = 3 * 1024 * 1024;

    private readonly VirtualTerminal _screen;
    private WindowSize? _newSize;

    public SessionHistory(WindowSize size, int capacity)
    {
        Output = new OutputRing(capacity);
        _screen = Blank(size);
    }

    /// <summary>The history that another executable has left.</summary>
    public SessionHistory(WindowSize size, int capacity, StateReader state)
    {
        Output = OutputRing.Read(state, capacity);
        _screen = Blank(size);
        _screen.Write(state.Bytes());
    }

    /// <summary>The last output.</summary>
    public OutputRing Output { get; }

    /// <summary>How many questions the program has asked its terminal.</summary>
    public long Questions => _screen.Questions;

    /// <summary>In the order of the constructor that reads it.</summary>
    public void Save(StateWriter state)
    {
        ApplySize();
        Output.Save(state);
        var screen = new ArrayBufferWriter<byte>();
        _screen.Snapshot(screen, Scrollback);
        state.Bytes(screen.WrittenSpan);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        ApplySize();
        Output.Append(bytes);
        _screen.Write(bytes);
    }

    /// <summary>Changes the size, when that is of importance: breaking 2,000 lines anew takes a millisecond, and a client may send thousands of sizes at once.</summary>
    public void Resize(WindowSize size) => _newSize = size;

    /// <summary>Whether the output from this offset on is remembered.</summary>
    public bool Has(long offset) => offset >= Output.Start && offset <= Output.End;

    /// <summary>Copies output from an offset on, which must be remembered.</summary>
    public int Read(long offset, Span<byte> destination) => Output.Read(offset, destination);

    /// <summary>What brings a terminal of the same size to the present state, whatever it shows now.</summary>
    /// <param name="withScrollback">Whether what has left the screen comes too. Where all of that is more than 3 MiB it does not.</param>
    /// <param name="isNew">Whether the terminal has seen nothing of the session. Another one has put titles aside as the program did, and is not made to do so once more.</param>
    /// <param name="isForViewer">Whether nobody waits for who gets it. A screen that is more than 3 MiB by itself is a blank one for a viewer.</param>
    public ReadOnlySpan<byte> Paint(bool withScrollback, bool isNew, bool isForViewer)
    {
        ApplySize();
        ReadOnlySpan<byte> bytes = Paint(withScrollback ? Scrollback : 0, isNew);
        if (withScrollback && bytes.Length > MostPainted)
            bytes = Paint(scrollback: 0, isNew);
        return isForViewer && bytes.Length > MostPainted ? VirtualTerminal.ResetSequence : bytes;
    }

    private ReadOnlySpan<byte> Paint(int scrollback, bool isNew)
    {
        var bytes = new ArrayBufferWriter<byte>();
        bytes.Write(VirtualTerminal.ResetSequence);
        bytes.Write(TabStops(_screen.Columns));
        _screen.Snapshot(bytes, scrollback, putsTitlesAside: isNew);
        return bytes.WrittenSpan;
    }

    private static VirtualTerminal Blank(WindowSize size) => new(Math.Min((int)size.Rows, MostRows), Math.Min((int)size.Columns, MostColumns), Scrollback);

    private void ApplySize()
    {
        if (_newSize is not { } size) return;
        _newSize = null;
        _screen.Resize(Math.Min((int)size.Rows, MostRows), Math.Min((int)size.Columns, MostColumns));
    }

    /// <summary>A stop at each eighth column, one by one: not every terminal knows the sequence for all. Then the cursor is at home, and saved there.</summary>
    private static byte[] TabStops(int columns)
    {
        var text = new StringBuilder("\e[3g");
        for (int column = 9; column <= columns; column += 8)
            text.Append(CultureInfo.InvariantCulture, $"\e[{column}G\eH");
        return Encoding.ASCII.GetBytes(text.Append("\e[H\e7").ToString());
    }
}
