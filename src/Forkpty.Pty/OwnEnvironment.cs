using System.Collections;

namespace Forkpty;

/// <summary>The environment of this process.</summary>
internal static class OwnEnvironment
{
    public static Dictionary<string, string> Read()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        return variables;
    }
}
