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

    /// <summary>Copies input that is for the program, until its end or the first thing that is asked of the client.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="output">Room for the input and <see cref="MostHeld"/> bytes more.</param>
    /// <param name="read">Bytes of the input that were dealt with; the rest has to be given again after the action.</param>
    /// <param name="written">Bytes copied.</param>
    public EscapeAction Take(ReadOnlySpan<byte> typed, Span<byte> output, out int read, out int written)
    {
        _lastTyped = Stopwatch.GetTimestamp();
        (read, written) = (0, 0);
        while (read < typed.Length)
        {
            if (_paste.IsInPaste)
            {
                written += _paste.Take(typed[read..], output[written..]);
                read = typed.Length;
                break;
            }

            ReadOnlySpan<byte> keys = typed[read..];
            if (modes.HasBracketedPaste) keys = keys[.._paste.LengthBefore(keys)];
            EscapeAction action = _escape.Filter(keys, output[written..], out int filtered, out int copied);
            if (modes.HasBracketedPaste) _paste.Passed(keys[..filtered]);
            read += filtered;
            written += copied;
            if (action != EscapeAction.None) return action;
        }

        return EscapeAction.None;
    }

    /// <summary>To be called after <see cref="SilenceIn"/>: as <see cref="Take"/>, for what was held back; what follows an action is lost.</summary>
    public EscapeAction TakeSilence(Span<byte> output, out int written)
    {
        written = 0;
        if (_escape.IsHolding) return _escape.TakeSilence();
        if (!_paste.IsHolding)
        {
            _paste.Leave();
            return EscapeAction.None;
        }

        int held = _paste.TakeSilence(output, out ReadOnlySpan<byte> typed);
        EscapeAction action = Take(typed, output[held..], out _, out written);
        written += held;
        return action;
    }
}
