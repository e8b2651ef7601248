namespace Forkpty.Screen;

/// <summary>The states of DEC's parser, https://vt100.net/emu/dec_ansi_parser.</summary>
internal enum ParserState : byte
{
    Ground,
    Escape,
    EscapeIntermediate,
    CsiEntry,
    CsiParameter,
    CsiIntermediate,
    CsiIgnore,
    OscString,
    DcsEntry,
    DcsParameter,
    DcsIntermediate,
    DcsIgnore,
    DcsString,
    OtherString,
}
