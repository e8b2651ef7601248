namespace Forkpty.Targets;

/// <summary>The environment of the program: a documented set, and of the caller's own only what describes his terminal and language.</summary>
internal static class EntryEnvironment
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static readonly string[] HandedOn = ["TERM", "COLORTERM", "LANG", "LANGUAGE"];

    public static Dictionary<string, string> Of(EntryUser user, EntryOptions options)
    {
        var variables = new Dictionary<string, string>
        {
            ["PATH"] = DefaultPath,
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
}
