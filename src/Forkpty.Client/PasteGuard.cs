namespace Forkpty.Client;

/// <summary>
/// Keeps a paste a paste: text of the clipboard that contains the end marker itself (ESC [201~) would end it early, and what follows would run as if it were typed.
/// </summary>
/// <remarks>
/// The terminal puts its own end marker last, at once behind the text. So a marker is real where it is followed by silence or by another paste, and part of the
/// text, and left out, where another end marker follows without a pause, or more than 4 KB do. A real one is therefore late by <see cref="Silence"/>.
/// </remarks>
internal sealed class PasteGuard
{
    /// <summary>Milliseconds without input after which an end marker is real. Terminals write a paste with no pauses but those of the one who reads.</summary>
    public const int Silence = 50;

    /// <summary>What is held behind an end marker, at most: nobody types more within <see cref="Silence"/>.</summary>
    public const int MostHeld = 4096;

    private readonly byte[] _held = new byte[MostHeld];
    private int _heldCount;
    private bool _hasEnd; // an end marker is held, and what is in _held came behind it
    private PasteMarker _marker; // what has come of one

    private static ReadOnlySpan<byte> End => PasteMarker.End;

    /// <summary>True between the markers.</summary>
    public bool IsInPaste { get; private set; }

    /// <summary>True where something waits for silence.</summary>
    public bool IsHolding => _hasEnd || (IsInPaste && _marker.Length > 0);

    /// <summary>Outside of a paste: how much of the input is no paste, up to the end of the marker that begins one.</summary>
    public int LengthBefore(ReadOnlySpan<byte> typed)
    {
        if (_marker.Length == 0 && !typed.Contains(PasteMarker.First)) return typed.Length;
        PasteMarker marker = _marker;
        for (int i = 0; i < typed.Length; i++)
        {
            if (marker.Step(typed[i]) == PasteMarker.Kind.Begin) return i + 1;
        }

        return typed.Length;
    }

    /// <summary>Outside of a paste: tells what was passed on; the last byte may be that of the marker that begins one.</summary>
    public void Passed(ReadOnlySpan<byte> typed)
    {
        foreach (byte next in typed)
            IsInPaste = _marker.Step(next) == PasteMarker.Kind.Begin;
    }

    /// <summary>Inside of a paste: copies what is text of it, or its end.</summary>
    /// <param name="typed">What came.</param>
    /// <param name="output">Room for the input and <see cref="MostHeld"/> bytes and a marker more.</param>
    /// <returns>The bytes copied.</returns>
    public int Take(ReadOnlySpan<byte> typed, Span<byte> output)
    {
        int written = 0;
        foreach (byte next in typed)
        {
            if (_hasEnd)
                written += Hold(next, output[written..]);
            else
                written += Pass(next, output[written..]);
        }

        return written;
    }

    /// <summary>After <see cref="Silence"/>: the end marker that is held was real.</summary>
    /// <param name="output">Room for a marker.</param>
    /// <param name="typed">What came behind it, which is no paste any more; valid until the next call.</param>
    /// <returns>The bytes copied.</returns>
    public int TakeSilence(Span<byte> output, out ReadOnlySpan<byte> typed)
    {
        typed = _held.AsSpan(0, _heldCount);
        int count = _hasEnd ? End.Length : _marker.Length; // else the text has what begins like a marker
        if (_hasEnd)
            End.CopyTo(output);
        else
            _marker.CopyTo(output);
        IsInPaste = !_hasEnd;
        (_hasEnd, _heldCount, _marker) = (false, 0, default);
        return count;
    }

    /// <summary>The program has switched it off, or the paste has stopped in the middle: keys count again.</summary>
    public void Leave()
    {
        IsInPaste = false;
        _marker = default;
    }

    private int Pass(byte next, Span<byte> output)
    {
        PasteMarker before = _marker;
        switch (_marker.Step(next))
        {
            case PasteMarker.Kind.End:
                _hasEnd = true;
                return 0;
            case PasteMarker.Kind.None when _marker.Length > before.Length: // it may become one
                return 0;
        }

        before.CopyTo(output); // it did not
        if (_marker.Length > 0) return before.Length;
        output[before.Length] = next;
        return before.Length + 1;
    }

    private int Hold(byte next, Span<byte> output)
    {
        if (_heldCount == MostHeld)
        {
            // Nobody types so fast: the marker was part of the text.
            int count = Release(_marker.Length, output);
            _hasEnd = false;
            return count + Pass(next, output[count..]);
        }

        _held[_heldCount++] = next;
        switch (_marker.Step(next))
        {
            case PasteMarker.Kind.End: // so the one before was not the end
                return Release(End.Length, output);
            case PasteMarker.Kind.Begin: // so the one before was
                End.CopyTo(output);
                _hasEnd = false;
                return End.Length + Release(0, output[End.Length..]);
            default:
                return 0;
        }
    }

    private int Release(int without, Span<byte> output)
    {
        int count = _heldCount - without;
        _held.AsSpan(0, count).CopyTo(output);
        _heldCount = 0;
        return count;
    }
}
