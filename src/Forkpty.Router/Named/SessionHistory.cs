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

    private readonly OutputRing _output;
    private readonly VirtualTerminal _screen;

    public SessionHistory(WindowSize size, int capacity)
    {
        _output = new OutputRing(capacity);
        _screen = new VirtualTerminal(size.Rows, size.Columns, Scrollback);
    }

    /// <summary>The history that another executable has left.</summary>
    public SessionHistory(WindowSize size, int capacity, StateReader state)
    {
        _output = OutputRing.After(capacity, end: state.Number(), state.Bytes());
        _screen = new VirtualTerminal(size.Rows, size.Columns, Scrollback);
        _screen.Write(state.Bytes());
    }

    /// <summary>How many questions the program has asked its terminal.</summary>
    public long Questions => _screen.Questions;

    /// <summary>In the order of the constructor that reads it.</summary>
    public void Save(StateWriter state)
    {
        byte[] output = new byte[_output.End - _output.Start];
        _output.Read(_output.Start, output);
        state.Number(_output.End);
        state.Bytes(output);
        var screen = new ArrayBufferWriter<byte>();
        _screen.Snapshot(screen, Scrollback);
        state.Bytes(screen.WrittenSpan);
    }

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
