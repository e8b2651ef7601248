namespace Forkpty.Named;

/// <summary>What a kept session remembers: its last output by offset, and its screen.</summary>
internal sealed class SessionHistory(WindowSize size, int capacity)
{
    private readonly OutputRing _output = new(capacity);
    private readonly byte[] _paint = "\e[!p\e[2J\e[H"u8.ToArray();
    private WindowSize _size = size;

    public void Append(ReadOnlySpan<byte> bytes) => _output.Append(bytes);

    public void Resize(WindowSize size) => _size = size;

    /// <summary>Whether the output from this offset on is remembered.</summary>
    public bool Has(long offset) => offset >= _output.Start && offset <= _output.End;

    public int Read(long offset, Span<byte> destination) => _output.Read(offset, destination);

    /// <summary>What brings a terminal of the same size to the present state.</summary>
    public byte[] Paint(bool withScrollback) => withScrollback || _size.Rows > 0 ? _paint : [];
}
