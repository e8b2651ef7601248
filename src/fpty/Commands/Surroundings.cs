using Forkpty.Protocol;

namespace Forkpty.Commands;

/// <summary>What a new session of one's own router has of whoever asks for it, as a shell's child has it: the language that programs speak, beside the directory.</summary>
internal static class Surroundings
{
    /// <summary>The request with LANG, LANGUAGE, LC_* and COLORTERM of this process, where it does not set them itself.</summary>
    public static OpenRequest In(OpenRequest request)
    {
        var variables = new Dictionary<string, string>(request.Environment);
        foreach ((string name, string value) in OwnEnvironment.Read())
        {
            bool travels = name is "LANG" or "LANGUAGE" or "COLORTERM" || name.StartsWith("LC_", StringComparison.Ordinal);
            if (travels && !value.Contains('/', StringComparison.Ordinal)) // a file's name, which a router with a fixed command refuses
                variables.TryAdd(name, value);
        }

        return request with { Environment = variables };
    }
}
