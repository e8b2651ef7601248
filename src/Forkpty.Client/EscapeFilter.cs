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
/// Looks for the escape key at the beginning of a line in what is typed. Only there is a byte ever held back, and only until
/// the next one tells what it means: so <c>~d</c> is an escape where Enter follows, or nothing for half a second, and <c>~dave/bin/x</c> is typed as it is.
/// </summary>
internal sealed class EscapeFilter(EscapeKey key)
{
    /// <summary>Milliseconds without another key after which a letter behind the key is an escape.</summary>
    public const int Silence = 500;

    private const byte ControlZ = 0x1a;

    private bool _atLineStart = true;
    private bool _held;
    private byte _letter; // behind the key, 0 for none

    /// <summary>Whether there is a session that can be left, redrawn and reported on. Else these letters are typed.</summary>
    public bool InSession { get; set; }

    /// <summary>True where something waits for silence.</summary>
    public bool IsHolding => _letter != 0;

    /// <summary>Copies input that is for the program, until its end or the first thing that is asked of the client.</summary>
    /// <param name="input">What was typed.</param>
    /// <param name="output">Room for two bytes more than the input: those that were held back.</param>
    /// <param name="read">Bytes of the input that were dealt with; the rest has to be given again after the action.</param>
    /// <param name="written">Bytes copied.</param>
    public EscapeAction Filter(ReadOnlySpan<byte> input, Span<byte> output, out int read, out int written)
    {
        if (!key.IsOn || (!_held && _letter == 0 && !_atLineStart && !input.Contains(key.Value)))
        {
            input.CopyTo(output);
            read = written = input.Length;
            if (input.Length > 0) _atLineStart = IsLineEnd(input[^1]);
            return EscapeAction.None;
        }

        written = 0;
        for (read = 0; read < input.Length;)
        {
            byte typed = input[read++];
            if (_letter != 0)
            {
                byte letter = _letter;
                if (IsLineEnd(typed)) return TakeSilence();
                output[written++] = key.Value;
                output[written++] = letter;
                (_letter, _atLineStart) = (0, false);
            }

            if (_held)
            {
                _held = false;
                EscapeAction action = typed == key.Value ? EscapeAction.None : ActionOf(typed);
                bool isLetter = action is EscapeAction.Detach or EscapeAction.Redraw or EscapeAction.Report;
                if (isLetter && InSession)
                {
                    _letter = typed;
                    continue;
                }

                if (action != EscapeAction.None && !isLetter)
                {
                    _atLineStart = true;
                    return action;
                }

                if (typed != key.Value) output[written++] = key.Value;
            }
            else if (_atLineStart && typed == key.Value)
            {
                _held = true;
                continue;
            }

            output[written++] = typed;
            _atLineStart = IsLineEnd(typed);
        }

        return EscapeAction.None;
    }

    /// <summary>After <see cref="Silence"/>: the letter was an escape.</summary>
    public EscapeAction TakeSilence()
    {
        EscapeAction action = ActionOf(_letter);
        (_letter, _atLineStart) = (0, true);
        return action;
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
