using System.Buffers;

namespace Forkpty.Screen;

/// <summary>
/// Takes the questions out of a program's output, for a terminal that must not answer: one that only looks on, or one that is shown old output. Everything else
/// passes as it is. A sequence is held back until its end shows what it is, 4,096 bytes of it at most. Bytes may be cut anywhere.
/// </summary>
public sealed class QuestionFilter
{
    private const int MaxHeld = 4096;

    private readonly Parameters _parameters = new();
    private byte[] _held = [];
    private int _length;
    private Kind _kind;

    private enum Kind : byte
    {
        Text,

        /// <summary>Escape has come.</summary>
        Escape,

        /// <summary>The first byte of U+0080 to U+00BF has come, among which are the control characters of 8 bits.</summary>
        Upper,
        Control,
        Command,
        DeviceString,
        OtherString,

        /// <summary>A string that is too long to be a question.</summary>
        Passing,
    }

    /// <summary>Writes what is no question.</summary>
    /// <param name="input">The next bytes of the output.</param>
    /// <param name="output">Takes what passes.</param>
    /// <returns>How many questions were taken out.</returns>
    public int Filter(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        int questions = 0;
        while (input.Length > 0)
        {
            if (_kind is Kind.Text or Kind.Passing)
            {
                int length = input.IndexOfAny((byte)0x1B, (byte)0x05, (byte)0xC2);
                if (_kind == Kind.Passing)
                    length = input.IndexOfAny("\e\a\x18\x1A"u8);
                length = length < 0 ? input.Length : length;
                output.Write(input[..length]);
                input = input[length..];
                if (input.Length == 0)
                    break;
            }
            questions += Take(input[0], output);
            input = input[1..];
        }
        return questions;
    }

    private int Take(byte next, IBufferWriter<byte> output)
    {
        switch (_kind)
        {
            case Kind.Text or Kind.Passing:
                return Begin(next, output);
            case Kind.Escape:
                return TakeEscape(next, output);
            case Kind.Upper:
                return TakeUpper(next, output);
            case Kind.Control:
                return TakeControl(next, output);
            default:
                return TakeString(next, output);
        }
    }

    private int Begin(byte next, IBufferWriter<byte> output)
    {
        if (next == 0x05)
            return 1;
        if (next is 0x1B or 0xC2)
        {
            Hold(next);
            _kind = next == 0x1B ? Kind.Escape : Kind.Upper;
            return 0;
        }
        output.Write([next]);
        _kind = Kind.Text;
        return 0;
    }

    private int TakeEscape(byte next, IBufferWriter<byte> output)
    {
        if (next == 'Z')
            return Drop();
        Continue(next, next switch
        {
            (byte)'[' => Kind.Control,
            (byte)']' => Kind.Command,
            (byte)'P' => Kind.DeviceString,
            (byte)'_' or (byte)'^' or (byte)'X' => Kind.OtherString,
            _ => Kind.Text,
        }, output);
        return 0;
    }

    private int TakeUpper(byte next, IBufferWriter<byte> output)
    {
        if (next == 0x9A)
            return Drop();
        Continue(next, next switch
        {
            0x9B => Kind.Control,
            0x9D => Kind.Command,
            0x90 => Kind.DeviceString,
            0x98 or 0x9E or 0x9F => Kind.OtherString,
            _ => Kind.Text,
        }, output);
        return 0;
    }

    private void Continue(byte next, Kind kind, IBufferWriter<byte> output)
    {
        if (next == 0x1B)
        {
            Release(output);
            Hold(next);
            _kind = Kind.Escape;
            return;
        }
        Hold(next);
        _kind = kind;
        if (kind == Kind.Text)
            Release(output);
    }

    private int TakeControl(byte next, IBufferWriter<byte> output)
    {
        if (next is 0x1B or 0x18 or 0x1A or >= 0x80)
        {
            Release(output);
            return Take(next, output);
        }
        Hold(next);
        if (next is >= 0x40 and < 0x7F)
        {
            if (IsQuestion())
                return Drop();
            Release(output);
        }
        else if (_length == MaxHeld)
        {
            Release(output);
        }
        return 0;
    }

    private int TakeString(byte next, IBufferWriter<byte> output)
    {
        bool isEnd = next == 0x07 && _kind == Kind.Command || next == 0x9C && _held[_length - 1] == 0xC2 || next == '\\' && _held[_length - 1] == 0x1B;
        if (next is 0x18 or 0x1A || _held[_length - 1] == 0x1B && !isEnd)
        {
            // Cancelled, or an escape that begins something else.
            bool isEscape = next is not 0x18 and not 0x1A;
            if (isEscape)
                _length--;
            Release(output);
            if (isEscape)
                Begin(0x1B, output);
            return Take(next, output);
        }
        Hold(next);
        if (isEnd)
        {
            if (IsQuestion())
                return Drop();
            Release(output);
        }
        else if (_length == MaxHeld)
        {
            Release(output);
            _kind = Kind.Passing;
        }
        return 0;
    }

    private bool IsQuestion()
    {
        ReadOnlySpan<byte> body = _held.AsSpan(2, _length - 2);
        switch (_kind)
        {
            case Kind.Control:
                return TerminalQuestion.IsControl(Collect(body), _parameters);
            case Kind.DeviceString:
                return TerminalQuestion.IsDeviceString(Collect(body));
            case Kind.OtherString:
                // Kitty's graphics: whether they are understood.
                return body.StartsWith("G"u8) && body.IndexOf("a=q"u8) >= 0;
            default:
                body = body[..^(body[^1] == 0x07 ? 1 : 2)];
                int semicolon = body.IndexOf((byte)';');
                ReadOnlySpan<byte> payload = semicolon < 0 ? default : body[(semicolon + 1)..];
                return int.TryParse(semicolon < 0 ? body : body[..semicolon], out int command) && TerminalQuestion.IsCommand(command, payload);
        }
    }

    /// <summary>The parameters, and prefix, intermediate and final bytes of a sequence.</summary>
    private uint Collect(ReadOnlySpan<byte> body)
    {
        uint collected = 0;
        _parameters.Reset();
        foreach (byte each in body)
        {
            if (each is >= (byte)'0' and <= (byte)';')
                _parameters.Add(each);
            else if (each >= 0x20)
                collected = collected << 8 | each;
            if (each >= 0x40)
                break;
        }
        return collected;
    }

    private void Hold(byte next)
    {
        if (_length == _held.Length)
            Array.Resize(ref _held, Math.Max(64, _held.Length * 2));
        _held[_length++] = next;
    }

    private void Release(IBufferWriter<byte> output)
    {
        output.Write(_held.AsSpan(0, _length));
        _length = 0;
        _kind = Kind.Text;
    }

    private int Drop()
    {
        _length = 0;
        _kind = Kind.Text;
        return 1;
    }
}
