namespace Forkpty.Screen;

public sealed partial class VirtualTerminal
{
    private readonly Parameters _parameters = new();
    private ParserState _state;

    /// <summary>Prefix and intermediate bytes of the sequence, 8 bits each.</summary>
    private uint _collected;

    /// <summary>A character of UTF-8 of which bytes are missing: their number, and what has come.</summary>
    private int _missing;

    private int _partial;
    private int _partialLength;

    /// <summary>Takes some of the output, at least one byte; how many.</summary>
    private int Parse(ReadOnlySpan<byte> output)
    {
        if (_missing == 0)
        {
            int run = RunLength(output);
            if (run > 0)
            {
                TakeRun(output[..run]);
                return run;
            }
        }
        byte first = output[0];
        if (_missing == 0 && first < 0x80)
            Step(first);
        else
            Decode(first);
        return 1;
    }

    /// <summary>How many of the next bytes are of one kind, so that they are taken at once.</summary>
    private int RunLength(ReadOnlySpan<byte> output)
    {
        if (_state is not (ParserState.Ground or ParserState.OscString or ParserState.DcsString or ParserState.DcsIgnore or ParserState.OtherString))
            return 0;
        int length = output.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E);
        return length < 0 ? output.Length : length;
    }

    private void TakeRun(ReadOnlySpan<byte> run)
    {
        if (_state == ParserState.Ground)
            Print(run);
        else if (_state is ParserState.OscString or ParserState.DcsString)
            AddText(run);
    }

    /// <summary>A byte of a character beyond ASCII, or one that breaks it off. What is not UTF-8 is dropped, and so is U+FEFF.</summary>
    private void Decode(byte next)
    {
        if (_missing == 0)
        {
            Begin(next);
            return;
        }
        if ((next & 0xC0) != 0x80)
        {
            _missing = 0;
            if (next < 0x80)
                Step(next);
            else
                Begin(next);
            return;
        }
        _partial = _partial << 6 | next & 0x3F;
        if (--_missing > 0)
            return;
        int least = _partialLength switch { 2 => 0x80, 3 => 0x800, _ => 0x10000 };
        if (_partial >= least && _partial <= 0x10FFFF && _partial is not (>= 0xD800 and <= 0xDFFF or 0xFEFF))
            Step(_partial);
    }

    private void Begin(byte first)
    {
        _partialLength = first switch { >= 0xF8 => 0, >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 0 };
        if (_partialLength == 0)
            return;
        _missing = _partialLength - 1;
        _partial = first & 0xFF >> _partialLength + 1;
    }

    /// <summary>A character that begins or goes on with something.</summary>
    private void Step(int code)
    {
        if (code is 0x1B or 0x18 or 0x1A or >= 0x80 and < 0xA0)
        {
            Interrupt(code);
            return;
        }
        switch (_state)
        {
            case ParserState.Ground:
                if (code < 0x20)
                    Execute(code);
                else if (code != 0x7F)
                    Print(code);
                break;
            case ParserState.Escape or ParserState.EscapeIntermediate:
                StepEscape(code);
                break;
            case ParserState.CsiEntry or ParserState.CsiParameter or ParserState.CsiIntermediate or ParserState.CsiIgnore:
                StepCsi(code);
                break;
            case ParserState.OscString:
                if (code == 0x07)
                    EndText(ParserState.Ground, done: true);
                else if (code >= 0x20)
                    AddText(code);
                break;
            case ParserState.DcsEntry or ParserState.DcsParameter or ParserState.DcsIntermediate:
                StepDcs(code);
                break;
            case ParserState.DcsString:
                if (code != 0x7F)
                    AddText(code);
                break;
            case ParserState.OtherString:
                // xterm.js takes no character beyond ASCII in such a string, and goes back to text.
                if (code >= 0xA0)
                    _state = ParserState.Ground;
                break;
        }
    }

    /// <summary>What ends or begins a sequence wherever it comes: escape, cancel, substitute, and the controls of 8 bits.</summary>
    private void Interrupt(int code)
    {
        bool isText = _state is ParserState.OscString or ParserState.DcsString;
        ParserState next = code switch
        {
            0x1B => ParserState.Escape,
            0x90 => ParserState.DcsEntry,
            0x9B => ParserState.CsiEntry,
            0x9D => ParserState.OscString,
            0x98 or 0x9E or 0x9F => ParserState.OtherString,
            _ => ParserState.Ground,
        };
        if (isText && code is 0x1B or 0x9C or 0x18 or 0x1A)
            EndText(next, done: code is 0x1B or 0x9C);
        else if (next == ParserState.Ground && code != 0x9C)
            Execute(code);
        Enter(next);
    }

    private void Enter(ParserState state)
    {
        _state = state;
        switch (state)
        {
            case ParserState.Escape or ParserState.CsiEntry or ParserState.DcsEntry:
                _parameters.Reset();
                _collected = 0;
                break;
            case ParserState.OscString:
                BeginText();
                break;
        }
    }

    private void StepEscape(int code)
    {
        if (code < 0x20)
        {
            Execute(code);
        }
        else if (code < 0x30)
        {
            _collected = _collected << 8 | (uint)code;
            _state = ParserState.EscapeIntermediate;
        }
        else if (_state == ParserState.Escape && code is '[' or ']' or 'P' or 'X' or '^' or '_')
        {
            Enter(code switch
            {
                '[' => ParserState.CsiEntry,
                ']' => ParserState.OscString,
                'P' => ParserState.DcsEntry,
                _ => ParserState.OtherString,
            });
        }
        else if (code != 0x7F)
        {
            _state = ParserState.Ground;
            if (code < 0x7F)
                DispatchEscape(_collected << 8 | (uint)code);
        }
    }

    private void StepCsi(int code)
    {
        if (code < 0x20)
        {
            Execute(code);
        }
        else if (code is >= 0x40 and < 0x7F)
        {
            bool isKnown = _state != ParserState.CsiIgnore;
            _state = ParserState.Ground;
            if (isKnown)
            {
                DispatchCsi(_collected << 8 | (uint)code);
                _joining = 0;
            }
        }
        else if (code >= 0xA0)
        {
            if (_state != ParserState.CsiIgnore)
                _state = ParserState.Ground;
        }
        else if (code != 0x7F)
        {
            _state = Collect(code, ParserState.CsiEntry, ParserState.CsiParameter, ParserState.CsiIntermediate, ParserState.CsiIgnore);
        }
    }

    private void StepDcs(int code)
    {
        if (code is >= 0x40 and < 0x7F)
        {
            _state = ParserState.DcsString;
            BeginText();
            _collected = _collected << 8 | (uint)code;
        }
        else if (code >= 0xA0)
        {
            _state = ParserState.Ground;
        }
        else if (code is >= 0x20 and < 0x7F)
        {
            _state = Collect(code, ParserState.DcsEntry, ParserState.DcsParameter, ParserState.DcsIntermediate, ParserState.DcsIgnore);
        }
    }

    /// <summary>A byte between the introducer and the final byte of a sequence; the state behind it.</summary>
    private ParserState Collect(int code, ParserState entry, ParserState parameter, ParserState intermediate, ParserState ignore)
    {
        if (_state == ignore)
            return ignore;
        if (code < 0x30)
        {
            _collected = _collected << 8 | (uint)code;
            return intermediate;
        }
        if (_state == intermediate)
            return ignore;
        if (code <= ';')
        {
            _parameters.Add(code);
            return parameter;
        }
        if (_state != entry)
            return ignore;
        _collected = _collected << 8 | (uint)code;
        return parameter;
    }
}
