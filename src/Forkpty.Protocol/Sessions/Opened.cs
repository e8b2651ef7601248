using System.Diagnostics.CodeAnalysis;

namespace Forkpty.Protocol;

/// <summary>OPENED: the session that was asked for.</summary>
public sealed record Opened
{
    /// <summary>Its name.</summary>
    public string Session { get; init; } = "";

    /// <summary>Its number.</summary>
    public int Id { get; init; }

    /// <summary>The process id of its program.</summary>
    public int Pid { get; init; }

    /// <summary>What becomes of it when its last driver is gone.</summary>
    public OnDisconnect OnDisconnect { get; init; }

    /// <summary>Whether the client may only look.</summary>
    public bool IsViewer { get; init; }

    /// <summary>The offset of the first byte of output that follows.</summary>
    public long Offset { get; init; }

    /// <summary>Bytes between what the client had and <see cref="Offset"/> that are not there any more.</summary>
    public long Gap { get; init; }

    /// <summary>Bytes of this client's input that were taken before.</summary>
    public long Input { get; init; }

    /// <summary>For <see cref="OpenRequest.Resume"/>; null where the session is not kept.</summary>
    public string? Token { get; init; }

    /// <summary>The payload.</summary>
    public byte[] ToPayload() => SessionMessage.Write(json =>
    {
        json.WriteString("session", Session);
        json.WriteNumber("id", Id);
        json.WriteNumber("pid", Pid);
        json.WriteString("on-disconnect", OnDisconnect.ToString());
        json.WriteString("role", IsViewer ? "viewer" : "driver");
        json.WriteNumber("offset", Offset);
        if (Gap > 0) json.WriteNumber("gap", Gap);
        if (Input > 0) json.WriteNumber("input", Input);
        json.Text("token", Token);
    });

    /// <summary>Reads a payload.</summary>
    /// <param name="payload">What came.</param>
    /// <param name="message">The message.</param>
    /// <returns>False where it is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out Opened? message) => SessionMessage.TryRead(
        payload,
        static json => new Opened
        {
            Session = json.Text("session") ?? "",
            Id = json.Int32("id") ?? 0,
            Pid = json.Int32("pid") ?? 0,
            OnDisconnect = OnDisconnect.TryParse(json.Text("on-disconnect"), out OnDisconnect value) ? value : OnDisconnect.HangUp,
            IsViewer = json.Text("role") == "viewer",
            Offset = json.Int64("offset") ?? 0,
            Gap = json.Int64("gap") ?? 0,
            Input = json.Int64("input") ?? 0,
            Token = json.Text("token"),
        },
        out message);
}
