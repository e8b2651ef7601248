using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Forkpty.Protocol;

/// <summary>The JSON payloads of the session protocol: what one is written with and read from. Members that are not known are passed over.</summary>
internal static class SessionMessage
{
    /// <summary>At most 12 KB of JSON.</summary>
    private const int MostCharacters = 2_000;

    /// <summary>Writes a payload.</summary>
    /// <param name="members">Writes the members.</param>
    /// <param name="isBrief">Whether characters stay what they are, where else all but those of ASCII take 6 bytes: for what nobody shows on a terminal.</param>
    public static byte[] Write(Action<Utf8JsonWriter> members, bool isBrief = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = isBrief ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping : null }))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a payload, where it is a JSON object and what <paramref name="members"/> makes of it is a message.</summary>
    public static bool TryRead<T>(ReadOnlySpan<byte> payload, Func<JsonMembers, T> members, [NotNullWhen(true)] out T? message)
        where T : class
    {
        message = null;
        try
        {
            message = members(JsonMembers.Parse(payload));
            return true;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException or DecoderFallbackException)
        {
            return false; // no JSON, a member of another kind than it has to be, a number out of its bounds, a lone surrogate
        }
    }

    /// <summary>
    /// A text as long as a person reads: what somebody else wrote may fill a packet, and in JSON a character takes 6 bytes, so that an answer with it would fit none.
    /// </summary>
    public static string Readable(string text)
    {
        if (text.Length <= MostCharacters) return text;
        int length = MostCharacters - (char.IsHighSurrogate(text[MostCharacters - 1]) ? 1 : 0);
        return string.Concat(text.AsSpan(0, length), "…");
    }

    public static void Text(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    public static void Number(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }

    public static void Flag(this Utf8JsonWriter json, string name, bool value)
    {
        if (value) json.WriteBoolean(name, true);
    }
}
