namespace Forkpty.Protocol;

/// <summary>The types of the session protocol: modifier2 of a packet whose modifier1 is <see cref="SessionPacket.Modifier"/>. docs/protocol.md says what each carries.</summary>
public enum SessionPacketType : byte
{
    /// <summary>Input for the program, or its output.</summary>
    Data = 0,

    /// <summary>Client: a new session, or one to attach to; <see cref="OpenRequest"/>.</summary>
    Open = 1,

    /// <summary>A window's size: <see cref="SessionPacketWriter.WriteSize"/>.</summary>
    WindowSize = 2,

    /// <summary>Client: a signal for the foreground process group; one byte.</summary>
    Signal = 3,

    /// <summary>Client: its input has ended.</summary>
    EndOfInput = 4,

    /// <summary>Client: leave the session running; with a <see cref="SessionRequest"/>: make another one's clients leave.</summary>
    Detach = 5,

    /// <summary>Client: which sessions are there?</summary>
    List = 6,

    /// <summary>Client: end a session; <see cref="SessionRequest"/>.</summary>
    Kill = 7,

    /// <summary>Client: answer with <see cref="Pong"/>.</summary>
    Ping = 8,

    /// <summary>Client: tell what happens to sessions from now on.</summary>
    Events = 9,

    /// <summary>Client: paint the screen again.</summary>
    Redraw = 10,

    /// <summary>Client: the router is to go on as the executable that is in its place by now.</summary>
    Upgrade = 11,

    /// <summary>Router: the first packet; <see cref="Protocol.Hello"/>.</summary>
    Hello = 32,

    /// <summary>Router: the session that was asked for; <see cref="Protocol.Opened"/>.</summary>
    Opened = 33,

    /// <summary>Router: how it ended; <see cref="SessionEnd"/>. The last packet.</summary>
    Exit = 34,

    /// <summary>Router: why something cannot be; <see cref="SessionError"/>.</summary>
    Error = 35,

    /// <summary>Router: how many bytes of the client's input were taken in all; 8 bytes.</summary>
    Acknowledge = 36,

    /// <summary>Router: something the person should know; <see cref="Protocol.Notice"/>.</summary>
    Notice = 37,

    /// <summary>Router: one session, a <see cref="SessionInfo"/>; empty after the last one.</summary>
    Listed = 38,

    /// <summary>Router: what <see cref="Ping"/> had.</summary>
    Pong = 39,

    /// <summary>Router: something happened; <see cref="SessionEvent"/>.</summary>
    Event = 40,

    /// <summary>Router: bytes that paint what was on the screen before.</summary>
    Screen = 41,

    /// <summary>Router: standard error of a program without a terminal.</summary>
    StandardError = 42,

    /// <summary>Router: what was asked for is done.</summary>
    Done = 43,

    /// <summary>Client: rows, in the form of uWSGI: the size field is the value and there is no payload.</summary>
    Rows = 100,

    /// <summary>Client: columns, in the form of uWSGI.</summary>
    Columns = 101,
}
