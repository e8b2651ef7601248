using System.Text;
using System.Text.Json;
using Forkpty.Protocol;

namespace Forkpty.Commands;

/// <summary>An array of objects, one on each line: so it can be read by a program, and by a person.</summary>
internal static class JsonArray
{
    public static string Of(List<string> objects) => objects.Count == 0 ? "[]\n" : $"[\n{string.Join(",\n", objects)}\n]\n";

    public static string Object(Action<Utf8JsonWriter> members) => Encoding.UTF8.GetString(SessionMessage.Write(members));
}
