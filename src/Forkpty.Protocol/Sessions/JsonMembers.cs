using System.Text;
using System.Text.Json;

namespace Forkpty.Protocol;

/// <summary>
/// The members of a JSON object of a message; of two with one name the last one counts. Read with <see cref="Utf8JsonReader"/> alone: JsonDocument would bring 150 KB of code into an executable
/// that has 4 MB, a library for cryptography among it.
/// </summary>
/// <remarks>Every accessor throws <see cref="FormatException"/> where the member is of another kind than it has to be; null where it is not there.</remarks>
internal sealed class JsonMembers
{
    /// <summary>Deeper than any message; a payload of brackets alone must not cost anything.</summary>
    private static readonly JsonReaderOptions Reading = new() { MaxDepth = 8 };

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, object?> _members = [];

    /// <summary>The names, in no order.</summary>
    public IReadOnlyCollection<string> Names => _members.Keys;

    /// <summary>Reads a payload that is one JSON object and nothing more.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    /// <exception cref="FormatException">It is another kind of value.</exception>
    /// <exception cref="DecoderFallbackException">It is not UTF-8.</exception>
    /// <exception cref="InvalidOperationException">A text has half of a character.</exception>
    public static JsonMembers Parse(ReadOnlySpan<byte> payload)
    {
        _ = StrictUtf8.GetCharCount(payload);
        var reader = new Utf8JsonReader(payload, Reading);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException();
        JsonMembers members = ReadObject(ref reader);
        return reader.Read() ? throw new FormatException() : members;
    }

    public string? Text(string name) => Get<string>(name);

    /// <summary>An array of texts.</summary>
    public List<string>? Texts(string name)
    {
        if (Get<List<object?>>(name) is not { } values) return null;
        var texts = new List<string>(values.Count);
        foreach (object? value in values)
            texts.Add(value as string ?? throw new FormatException());
        return texts;
    }

    public JsonMembers? Members(string name) => Get<JsonMembers>(name);

    public int? Int32(string name) => Int64(name) switch
    {
        null => null,
        >= int.MinValue and <= int.MaxValue and { } number => (int)number,
        _ => throw new FormatException(),
    };

    public long? Int64(string name) => _members.TryGetValue(name, out object? value) ? value is long number ? number : throw new FormatException() : null;

    public double? Number(string name) => _members.TryGetValue(name, out object? value)
        ? value switch { long whole => whole, double number when double.IsFinite(number) => number, _ => throw new FormatException() } // 1e400 is read as infinity, which JSON cannot carry on
        : null;

    public bool? Boolean(string name) => _members.TryGetValue(name, out object? value) ? value is bool yes ? yes : throw new FormatException() : null;

    private T? Get<T>(string name)
        where T : class => _members.TryGetValue(name, out object? value) ? value is T or null ? (T?)value : throw new FormatException() : null;

    private static JsonMembers ReadObject(ref Utf8JsonReader reader)
    {
        var members = new JsonMembers();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            reader.Read();
            members._members[name] = ReadValue(ref reader);
        }

        return members;
    }

    private static List<object?> ReadArray(ref Utf8JsonReader reader)
    {
        var values = new List<object?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            values.Add(ReadValue(ref reader));
        return values;
    }

    private static object? ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => reader.TryGetInt64(out long whole) ? (object)whole : reader.GetDouble(), // not both as double
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => null,
    };
}
