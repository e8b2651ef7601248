using System.Buffers;
using System.Globalization;
using System.Text;
using Forkpty.Screen;

namespace Forkpty.Named;

/// <summary>What a kept session remembers: its last output by offset, and its screen.</summary>
internal sealed class SessionHistory(WindowSize size, int capacity)
{
    /// <summary>Lines that a person can scroll back to after coming back.</summary>
    private const int Scrollback = 2_000;

    private readonly OutputRing _output = new(capacity);
    private readonly VirtualTerminal _screen = new(size.Rows, size.Columns, Scrollback);

    /// <summary>How many questions the program has asked its terminal.</summary>
    public long Questions => _screen.Questions;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _output.Append(bytes);
        _screen.Write(bytes);
    }

    public void Resize(WindowSize size) => _screen.Resize(size.Rows, size.Columns);

    /// <summary>Whether the output from this offset on is remembered.</summary>
    public bool Has(long offset) => offset >= _output.Start && offset <= _output.End;

    /// <summary>Copies output from an offset on, which must be remembered.</summary>
    public int Read(long offset, Span<byte> destination) => _output.Read(offset, destination);

    /// <summary>What brings a terminal of the same size to the present state, whatever it shows now.</summary>
    public ReadOnlySpan<byte> Paint(bool withScrollback)
    {
        var bytes = new ArrayBufferWriter<byte>();
        bytes.Write(VirtualTerminal.ResetSequence);
        bytes.Write(TabStops(_screen.Columns));
        _screen.Snapshot(bytes, withScrollback ? Scrollback : 0);
        return bytes.WrittenSpan;
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
