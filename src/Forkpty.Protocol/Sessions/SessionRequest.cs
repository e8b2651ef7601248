using System.Diagnostics.CodeAnalysis;

namespace Forkpty.Protocol;

/// <summary>KILL or DETACH of a session by its name.</summary>
/// <param name="Session">Its name or number.</param>
/// <param name="Signal">For KILL: the signal for its foreground group; null hangs it up.</param>
public sealed record SessionRequest(string Session, int? Signal = null)
{
    /// <summary>The payload.</summary>
    public byte[] ToPayload() => SessionMessage.Write(json =>
    {
        json.WriteString("session", Session);
        json.Number("signal", Signal);
    });

    /// <summary>Reads a payload.</summary>
    /// <param name="payload">What came.</param>
    /// <param name="message">The message.</param>
    /// <returns>False where it is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out SessionRequest? message) =>
        SessionMessage.TryRead(payload, static json => new SessionRequest(json.Text("session") ?? throw new FormatException(), json.Int32("signal")), out message);
}
