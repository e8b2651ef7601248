using System.Collections;

namespace Forkpty;

/// <summary>What this process was started with: its environment, and the directory that it is in.</summary>
internal static class OwnEnvironment
{
    /// <summary>Where this process is; null where that was removed meanwhile, or is not to be seen.</summary>
    public static string? Directory
    {
        get
        {
            try
            {
                return Environment.CurrentDirectory;
            }
            catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    public static Dictionary<string, string> Read()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        return variables;
    }
}
