namespace Forkpty.Client;

/// <summary>Finds the markers of a bracketed paste, ESC [200~ and ESC [201~, in input that may be split anywhere.</summary>
internal struct PasteMarker
{
    /// <summary>What a marker begins with, and has nowhere else.</summary>
    public const byte First = 0x1b;

    private byte _digit;

    /// <summary>What a byte was.</summary>
    public enum Kind
    {
        /// <summary>No end of a marker.</summary>
        None,

        /// <summary>The last one of the marker that begins a paste.</summary>
        Begin,

        /// <summary>The last one of the marker that ends it.</summary>
        End,
    }

    public static ReadOnlySpan<byte> End => "\e[201~"u8;

    /// <summary>How many bytes of a marker have come, 0 to 5.</summary>
    public int Length { get; private set; }

    public Kind Step(byte next)
    {
        bool fits = Length switch
        {
            4 => next is (byte)'0' or (byte)'1',
            _ => next == End[Length],
        };
        if (!fits)
        {
            Length = next == First ? 1 : 0;
            return Kind.None;
        }

        if (Length == 4) _digit = next;
        if (++Length < End.Length) return Kind.None;
        Length = 0;
        return _digit == '0' ? Kind.Begin : Kind.End;
    }

    /// <summary>The bytes that have come.</summary>
    public readonly void CopyTo(Span<byte> output)
    {
        End[..Length].CopyTo(output);
        if (Length == 5) output[4] = _digit;
    }
}
