namespace Forkpty.Protocol.Tests;

/// <summary>Every message of the protocol: its reader, and what it writes of what it has read.</summary>
internal static class Messages
{
    /// <summary>Reads a payload as the message of that name; null where it is none, and otherwise the payload that the message writes.</summary>
    public delegate byte[]? Reader(ReadOnlySpan<byte> payload);

    public static IReadOnlyDictionary<string, Reader> Readers { get; } = new Dictionary<string, Reader>
    {
        ["HELLO"] = payload => Hello.TryRead(payload, out Hello? message) ? message.ToPayload() : null,
        ["OPEN"] = payload => OpenRequest.TryRead(payload, out OpenRequest? message) ? message.ToPayload() : null,
        ["OPENED"] = payload => Opened.TryRead(payload, out Opened? message) ? message.ToPayload() : null,
        ["EXIT"] = payload => SessionEnd.TryRead(payload, out SessionEnd? message) ? message.ToPayload() : null,
        ["ERROR"] = payload => SessionError.TryRead(payload, out SessionError? message) ? message.ToPayload() : null,
        ["NOTICE"] = payload => Notice.TryRead(payload, out Notice? message) ? message.ToPayload() : null,
        ["KILL"] = payload => SessionRequest.TryRead(payload, out SessionRequest? message) ? message.ToPayload() : null,
        ["LISTED"] = payload => SessionInfo.TryRead(payload, out SessionInfo? message) ? message.ToPayload() : null,
        ["EVENT"] = payload => SessionEvent.TryRead(payload, out SessionEvent? message) ? message.ToPayload() : null,
    };
}
