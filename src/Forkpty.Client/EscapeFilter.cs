namespace Forkpty.Client;

/// <summary>What the person asks of the client itself.</summary>
internal enum EscapeAction
{
    None,
    Disconnect,
    Detach,
    Redraw,
    Report,
    Suspend,
    Help,
}

/// <summary>
/// Looks for the escape key at the beginning of a line in what is typed. Only there is a byte ever held back, and only until it is known what it means: <c>~d</c>, with or without Enter,
/// is an escape where nothing follows for half a second; <c>~dave/bin/x</c>, and a line <c>~.</c> in the middle of what is pasted, are typed as they are.
/// </summary>
internal sealed class EscapeFilter(EscapeKey key)
{
    /// <summary>Milliseconds without another key after which what is behind the key is an escape.</summary>
    public const int Silence = 500;

    /// <summary>The key, what is asked for, and Enter.</summary>
    public const int MostHeld = 3;

    private const byte ControlZ = 0x1a;

    private readonly byte[] _held = new byte[MostHeld];
    private int _heldCount;
    private bool _atLineStart = true;

    /// <summary>Whether there is a session that can be left, redrawn and reported on. Else these letters are typed.</summary>
    public bool InSession { get; set; }

    /// <summary>True where something waits for silence.</summary>
    public bool IsHolding => _heldCount > 1;

    /// <summary>Copies input that is for the program.</summary>
    /// <param name="input">What was typed.</param>
    /// <param name="output">Room for <see cref="MostHeld"/> bytes more than the input: those that were held back.</param>
    /// <returns>Bytes copied.</returns>
    public int Filter(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (!key.IsOn || (_heldCount == 0 && !_atLineStart && !input.Contains(key.Value)))
        {
            input.CopyTo(output);
            if (input.Length > 0) _atLineStart = IsLineEnd(input[^1]);
            return input.Length;
        }

        int written = 0;
        foreach (byte typed in input)
        {
            bool isKeyItself = _heldCount == 1 && typed == key.Value;
            if (isKeyItself)
                _heldCount = 0;
            else if (!Holds(typed))
                written += Release(output[written..]);

            if (!isKeyItself && Holds(typed))
            {
                _held[_heldCount++] = typed;
                continue;
            }

            output[written++] = typed;
            _atLineStart = IsLineEnd(typed);
        }

        return written;
    }

    /// <summary>After <see cref="Silence"/>: what is held was an escape.</summary>
    public EscapeAction TakeSilence()
    {
        EscapeAction action = ActionOf(_held[1]);
        (_heldCount, _atLineStart) = (0, true);
        return action;
    }

    /// <summary>Whether a byte may be the next one of an escape.</summary>
    private bool Holds(byte typed) => _heldCount switch
    {
        0 => _atLineStart && typed == key.Value,
        1 => ActionOf(typed) is not EscapeAction.None and var action && (InSession || action is not (EscapeAction.Detach or EscapeAction.Redraw or EscapeAction.Report)),
        2 => IsLineEnd(typed),
        _ => false,
    };

    /// <summary>What is held was typed.</summary>
    private int Release(Span<byte> output)
    {
        int count = _heldCount;
        if (count == 0) return 0;
        _held.AsSpan(0, count).CopyTo(output);
        (_heldCount, _atLineStart) = (0, IsLineEnd(_held[count - 1]));
        return count;
    }

    private static EscapeAction ActionOf(byte typed) => typed switch
    {
        (byte)'.' => EscapeAction.Disconnect,
        (byte)'?' => EscapeAction.Help,
        (byte)'d' => EscapeAction.Detach,
        (byte)'r' => EscapeAction.Redraw,
        (byte)'s' => EscapeAction.Report,
        ControlZ => EscapeAction.Suspend,
        _ => EscapeAction.None,
    };

    private static bool IsLineEnd(byte typed) => typed is (byte)'\r' or (byte)'\n';
}
