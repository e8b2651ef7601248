using System.Diagnostics;

namespace Forkpty.Client;

/// <summary>What is typed, on its way to the program: escapes are taken out, and a paste stays one.</summary>
internal sealed class Keyboard(EscapeKey key, bool isTerminal, RemoteModes modes)
{
    /// <summary>Bytes that <see cref="Take"/> may write beside its input: what was held back.</summary>
    public const int MostHeld = PasteGuard.MostHeld + 16;

    // A paste without an end for so long will not have one; then the escape must work again.
    private const int LostPaste = 1000;

    private readonly EscapeFilter _escape = new(isTerminal ? key : EscapeKey.None);
    private readonly PasteGuard _paste = new();
    private long _lastTyped;

    /// <summary>Whether there is a session that can be left, redrawn and reported on.</summary>
    public bool InSession
    {
        set => _escape.InSession = value;
    }

    /// <summary>True where something waits for silence.</summary>
    public bool IsHolding => _paste.IsHolding || _escape.IsHolding;

    /// <summary>Milliseconds until <see cref="TakeSilence"/>, if nothing is typed; -1 for never.</summary>
    public int SilenceIn
    {
        get
        {
            int wait = _paste.IsHolding ? PasteGuard.Silence : _escape.IsHolding ? EscapeFilter.Silence : _paste.IsInPaste ? LostPaste : -1;
            return wait < 0 ? -1 : (int)Math.Max(0, wait - Stopwatch.GetElapsedTime(_lastTyped).TotalMilliseconds);
        }
    }

    /// <summary>Copies input that is for the program.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="output">Room for the input and <see cref="MostHeld"/> bytes more.</param>
    /// <returns>Bytes copied.</returns>
    public int Take(ReadOnlySpan<byte> typed, Span<byte> output)
    {
        _lastTyped = Stopwatch.GetTimestamp();
        int written = 0;
        while (!typed.IsEmpty && !_paste.IsInPaste)
        {
            ReadOnlySpan<byte> keys = modes.HasBracketedPaste ? typed[.._paste.LengthBefore(typed)] : typed;
            written += _escape.Filter(keys, output[written..]);
            if (modes.HasBracketedPaste) _paste.Passed(keys);
            typed = typed[keys.Length..];
        }

        return written + _paste.Take(typed, output[written..]);
    }

    /// <summary>To be called after <see cref="SilenceIn"/>: what is asked of the client, or what was held back for the program.</summary>
    public EscapeAction TakeSilence(Span<byte> output, out int written)
    {
        written = 0;
        if (_paste.IsHolding)
        {
            int held = _paste.TakeSilence(output, out ReadOnlySpan<byte> typed);
            written = held + Take(typed, output[held..]);
        }
        else if (_escape.IsHolding)
        {
            return _escape.TakeSilence();
        }
        else
        {
            _paste.Leave();
        }

        return EscapeAction.None;
    }
}
