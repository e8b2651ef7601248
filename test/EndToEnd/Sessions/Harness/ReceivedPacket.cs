using System.Text;
using System.Text.Json;

namespace Forkpty.EndToEnd.Sessions;

/// <summary>One packet from the router that is no output.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Payload">All of its payload.</param>
/// <param name="OutputBefore">How many bytes of DATA came before it.</param>
internal sealed record ReceivedPacket(byte Type, byte[] Payload, long OutputBefore)
{
    public JsonElement Json => field.ValueKind == JsonValueKind.Undefined ? field = JsonDocument.Parse(Payload).RootElement : field;

    public bool Has(string member) => Json.TryGetProperty(member, out _);

    public string Text(string member) =>
        Json.TryGetProperty(member, out var value) ? value.GetString()! : throw new ExpectationException($"There is no \"{member}\" in {this}.");

    public long Number(string member) =>
        Json.TryGetProperty(member, out var value) ? value.GetInt64() : throw new ExpectationException($"There is no \"{member}\" in {this}.");

    public override string ToString() => $"{PacketType.NameOf(Type)} of {Payload.Length} bytes {Visible(Payload)}";

    private static string Visible(byte[] payload) =>
        string.Concat(Encoding.UTF8.GetString(payload.AsSpan(0, Math.Min(payload.Length, 300))).Select(c => char.IsControl(c) ? '.' : c));
}
