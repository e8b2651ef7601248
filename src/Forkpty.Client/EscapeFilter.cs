namespace Forkpty.Client;

/// <summary>What the person asks of the client itself.</summary>
internal enum EscapeAction
{
    None,
    Disconnect,
    Suspend,
    Help,
}

/// <summary>
/// Looks for the escape key at the beginning of a line in what is typed. Only there is a byte ever held back, and only until
/// the next one tells what it means.
/// </summary>
internal sealed class EscapeFilter(EscapeKey key)
{
    private const byte ControlZ = 0x1a;

    private bool _atLineStart = true;
    private bool _held;

    /// <summary>Copies input that is for the program, until its end or the first thing that is asked of the client.</summary>
    /// <param name="input">What was typed.</param>
    /// <param name="output">Room for one byte more than the input: the one that was held back.</param>
    /// <param name="read">Bytes of the input that were dealt with; the rest has to be given again after the action.</param>
    /// <param name="written">Bytes copied.</param>
    public EscapeAction Filter(ReadOnlySpan<byte> input, Span<byte> output, out int read, out int written)
    {
        if (!key.IsOn || (!_held && !_atLineStart && !input.Contains(key.Value)))
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
            if (_held)
            {
                _held = false;
                EscapeAction action = ActionOf(typed);
                if (action != EscapeAction.None)
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

    private static EscapeAction ActionOf(byte typed) => typed switch
    {
        (byte)'.' => EscapeAction.Disconnect,
        (byte)'?' => EscapeAction.Help,
        ControlZ => EscapeAction.Suspend,
        _ => EscapeAction.None,
    };

    private static bool IsLineEnd(byte typed) => typed is (byte)'\r' or (byte)'\n';
}
