namespace Forkpty.EndToEnd.Sessions;

/// <summary>The types of docs/protocol.md, written down once more from there, so that a test does not take a number from what it tests.</summary>
internal static class PacketType
{
    public const byte Data = 0;
    public const byte Open = 1;
    public const byte WindowSize = 2;
    public const byte Signal = 3;
    public const byte EndOfInput = 4;
    public const byte Detach = 5;
    public const byte List = 6;
    public const byte Kill = 7;
    public const byte Ping = 8;
    public const byte Events = 9;
    public const byte Redraw = 10;
    public const byte Upgrade = 11;
    public const byte Hello = 32;
    public const byte Opened = 33;
    public const byte Exit = 34;
    public const byte Error = 35;
    public const byte Acknowledge = 36;
    public const byte Notice = 37;
    public const byte Listed = 38;
    public const byte Pong = 39;
    public const byte Event = 40;
    public const byte Screen = 41;
    public const byte StandardError = 42;
    public const byte Done = 43;
    public const byte Rows = 100;
    public const byte Columns = 101;

    public static string NameOf(byte type) => type switch
    {
        Data => "DATA",
        Hello => "HELLO",
        Opened => "OPENED",
        Exit => "EXIT",
        Error => "ERROR",
        Acknowledge => "ACK",
        Notice => "NOTICE",
        Listed => "LISTED",
        Pong => "PONG",
        Event => "EVENT",
        Screen => "SCREEN",
        StandardError => "STDERR",
        Done => "DONE",
        WindowSize => "WINSIZE",
        _ => $"type {type}",
    };
}
