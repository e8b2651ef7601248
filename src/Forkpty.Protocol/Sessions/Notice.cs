using System.Diagnostics.CodeAnalysis;

namespace Forkpty.Protocol;

/// <summary>NOTICE: something the person should know.</summary>
/// <param name="Event">A word for programs.</param>
/// <param name="Text">A sentence for a person; of one with more than 2,000 characters these are sent.</param>
public sealed record Notice(string Event, string Text)
{
    /// <summary>The payload.</summary>
    public byte[] ToPayload() => SessionMessage.Write(json =>
    {
        json.WriteString("event", Event);
        json.WriteString("text", SessionMessage.Readable(Text));
    });

    /// <summary>Reads a payload.</summary>
    /// <param name="payload">What came.</param>
    /// <param name="message">The message.</param>
    /// <returns>False where it is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out Notice? message) =>
        SessionMessage.TryRead(payload, static json => new Notice(json.Text("event") ?? "", json.Text("text") ?? ""), out message);
}
