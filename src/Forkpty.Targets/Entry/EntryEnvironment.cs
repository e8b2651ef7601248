using System.Text;

namespace Forkpty.Targets;

/// <summary>The environment of the program: a documented set, and of the caller's own only what describes his terminal and language.</summary>
internal static class EntryEnvironment
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private const int MostOfPath = 4096;

    private static readonly string[] HandedOn = ["TERM", "COLORTERM", "LANG", "LANGUAGE"];

    /// <param name="user">Who the program is.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="path">The target's own PATH; null for the usual one.</param>
    public static Dictionary<string, string> Of(EntryUser user, EntryOptions options, string? path)
    {
        var variables = new Dictionary<string, string>
        {
            ["PATH"] = path ?? DefaultPath,
            ["HOME"] = user.Home,
            ["USER"] = user.Name,
            ["LOGNAME"] = user.Name,
            ["SHELL"] = user.Shell,
        };
        if (!options.ClearEnvironment)
        {
            foreach ((string name, string value) in options.Inherited)
            {
                if (Array.IndexOf(HandedOn, name) >= 0 || name.StartsWith("LC_", StringComparison.Ordinal))
                    variables[name] = value;
            }

            variables.TryAdd("TERM", "xterm");
        }

        foreach ((string name, string value) in options.Environment)
            variables[name] = value;
        return variables;
    }

    /// <summary>The PATH in the environment of a process, as /proc/PID/environ has it; null where there is none, or not one that a person would write.</summary>
    public static string? PathIn(byte[]? environment)
    {
        ReadOnlySpan<byte> rest = environment;
        while (rest.Length > 0)
        {
            int end = rest.IndexOf((byte)0);
            ReadOnlySpan<byte> variable = end < 0 ? rest : rest[..end];
            if (variable.StartsWith("PATH="u8) && end is > 5 and < MostOfPath && variable.IndexOfAnyInRange((byte)0, (byte)31) < 0)
                return Encoding.UTF8.GetString(variable[5..]);
            rest = rest[(variable.Length + (end < 0 ? 0 : 1))..];
        }

        return null;
    }
}
