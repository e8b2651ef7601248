using System.Text;
using System.Text.Json;

namespace Forkpty.Targets;

/// <summary>
/// The few values that are wanted of a runtime's state file, read in one go: a tree of all would be 30 times as much. A file that ends in the middle gives what it had until there.
/// </summary>
internal static class StateText
{
    /// <summary>Of a container's annotations nobody needs more.</summary>
    private const int MaxValue = 4096;

    /// <summary>The longest way that is followed: an annotation's has 330. It is made anew for each value, and a user may have written what we read as root.</summary>
    private const int MaxWay = 512;

    /// <summary>Hands over every text, number and truth value with its way from the root: <c>config.labels[]</c>. At the end of an object in an array, the way of the array and null.</summary>
    /// <returns>False where the text is no JSON.</returns>
    public static bool Read(string text, Action<string, string?> take)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes);
        var ways = new Stack<string>();
        string way = "";
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        if (ways.Peek().Length + reader.ValueSpan.Length < MaxWay)
                            way = Below(ways.Peek(), reader.GetString()!);
                        else
                            reader.Skip();
                        break;
                    case JsonTokenType.StartObject:
                        ways.Push(way);
                        break;
                    case JsonTokenType.StartArray:
                        ways.Push(way += "[]");
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        string ended = ways.Pop();
                        way = ways.Count > 0 ? ways.Peek() : "";
                        if (reader.TokenType == JsonTokenType.EndObject && ended.EndsWith("[]", StringComparison.Ordinal))
                            take(ended, null);
                        break;
                    case JsonTokenType.Null:
                        break;
                    default:
                        if (reader.ValueSpan.Length <= MaxValue)
                            take(way, reader.TokenType == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan));
                        break;
                }
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string Below(string way, string name) => way.Length == 0 ? name : $"{way}.{name}";
}
