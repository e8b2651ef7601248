using System.Diagnostics.CodeAnalysis;

namespace Forkpty.Protocol;

/// <summary>EVENT: something happened to a session.</summary>
public sealed record SessionEvent
{
    /// <summary><c>started</c>, <c>attached</c>, <c>left</c>, <c>exited</c>, or <c>ready</c>: what happens from here on is told.</summary>
    public string Event { get; init; } = "";

    /// <summary>When, in seconds since 1970.</summary>
    public double At { get; init; }

    /// <summary>The session as it is after that; null for <c>ready</c>.</summary>
    public SessionInfo? Session { get; init; }

    /// <summary>Of <c>exited</c>: the exit code.</summary>
    public int? Code { get; init; }

    /// <summary>Of <c>exited</c>: the signal.</summary>
    public int? Signal { get; init; }

    /// <summary>The payload.</summary>
    public byte[] ToPayload() => SessionMessage.Write(json =>
    {
        json.WriteString("event", Event);
        json.WriteNumber("at", At);
        json.Number("code", Code);
        json.Number("signal", Signal);
        if (Session is not { } session) return;
        json.WriteStartObject("session");
        session.Write(json);
        json.WriteEndObject();
    });

    /// <summary>Reads a payload.</summary>
    /// <param name="payload">What came.</param>
    /// <param name="message">The message.</param>
    /// <returns>False where it is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out SessionEvent? message) => SessionMessage.TryRead(
        payload,
        static json => new SessionEvent
        {
            Event = json.Text("event") ?? "",
            At = json.Number("at") ?? 0,
            Session = json.Members("session") is { } session ? SessionInfo.Read(session) : null,
            Code = json.Int32("code"),
            Signal = json.Int32("signal"),
        },
        out message);
}
