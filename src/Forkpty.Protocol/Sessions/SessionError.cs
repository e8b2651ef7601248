using System.Diagnostics.CodeAnalysis;

namespace Forkpty.Protocol;

/// <summary>ERROR: why something that was asked for cannot be.</summary>
/// <param name="Code">A word for programs: docs/protocol.md has the list.</param>
/// <param name="Text">A sentence for a person; of one with more than 2,000 characters these are sent.</param>
public sealed record SessionError(string Code, string Text)
{
    /// <summary>The payload.</summary>
    public byte[] ToPayload() => SessionMessage.Write(json =>
    {
        json.WriteString("code", Code);
        json.WriteString("text", SessionMessage.Readable(Text));
    });

    /// <summary>Reads a payload.</summary>
    /// <param name="payload">What came.</param>
    /// <param name="message">The message.</param>
    /// <returns>False where it is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out SessionError? message) =>
        SessionMessage.TryRead(payload, static json => new SessionError(json.Text("code") ?? "", json.Text("text") ?? ""), out message);
}
