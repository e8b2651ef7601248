using System.Diagnostics.CodeAnalysis;

namespace Forkpty.Protocol;

/// <summary>HELLO: the router's first packet.</summary>
public sealed record Hello
{
    /// <summary>The version of the protocol that this library speaks.</summary>
    public const int CurrentProtocol = 1;

    /// <summary>The version of the protocol.</summary>
    public int Protocol { get; init; } = CurrentProtocol;

    /// <summary>The router's version.</summary>
    public string Version { get; init; } = "";

    /// <summary>What the router can do: <c>keep</c>, <c>no-pty</c>, <c>resume</c>, <c>events</c>, <c>upgrade</c>.</summary>
    public IReadOnlyList<string> Can { get; init; } = [];

    /// <summary>The payload.</summary>
    public byte[] ToPayload() => SessionMessage.Write(json =>
    {
        json.WriteNumber("protocol", Protocol);
        json.WriteString("version", Version);
        json.WriteStartArray("can");
        foreach (string can in Can)
            json.WriteStringValue(can);
        json.WriteEndArray();
    });

    /// <summary>Reads a payload.</summary>
    /// <param name="payload">What came.</param>
    /// <param name="message">The message.</param>
    /// <returns>False where it is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out Hello? message) => SessionMessage.TryRead(
        payload,
        static json => new Hello
        {
            Protocol = json.Int32("protocol") ?? CurrentProtocol,
            Version = json.Text("version") ?? "",
            Can = json.Texts("can") ?? [],
        },
        out message);
}
