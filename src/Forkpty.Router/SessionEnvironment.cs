using Forkpty.Interop;

namespace Forkpty;

/// <summary>
/// The environment of a session: a documented set and nothing that the router happens to have in its own, because that may hold secrets of whoever
/// started it.
/// </summary>
public static class SessionEnvironment
{
    /// <summary>Variables of the router's own environment that are handed on: language and time zone.</summary>
    public static IReadOnlyList<string> PassedOn { get; } = ["LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_COLLATE", "LC_MESSAGES", "LC_MONETARY", "LC_NUMERIC", "LC_TIME", "TZ"];

    /// <summary>Whether a variable of a client changes how a program talks, and never what it does: language and colours. With a slash the name of a language is one of files, which the program would read.</summary>
    internal static bool IsHarmless(string name, string value) => !value.Contains('/', StringComparison.Ordinal) && IsHarmless(name);

    private static bool IsHarmless(string name) => name is "LANG" or "LANGUAGE" or "COLORTERM" || name.StartsWith("LC_", StringComparison.Ordinal);

    /// <summary>The documented set: TERM, HOME, USER, LOGNAME, SHELL and PATH for the user the process runs as, LANG, and what is passed on.</summary>
    /// <param name="alsoPassedOn">Names of further variables of the router's own environment to hand on.</param>
    /// <returns>A new dictionary, to which more can be added.</returns>
    public static Dictionary<string, string> Create(IEnumerable<string>? alsoPassedOn = null)
    {
        uint uid = Libc.geteuid();
        User user = FindUser(uid) ?? new User(uid == 0 ? "root" : $"{uid}", uid, 0, "/", "/bin/sh");
        var variables = new Dictionary<string, string>
        {
            ["TERM"] = "xterm-256color",
            ["HOME"] = user.Home,
            ["USER"] = user.Name,
            ["LOGNAME"] = user.Name,
            ["SHELL"] = user.Shell,
            ["PATH"] = uid == 0
                ? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
                : "/usr/local/bin:/usr/bin:/bin",
            ["LANG"] = "C.UTF-8",
        };
        foreach (string name in PassedOn.Concat(alsoPassedOn ?? []))
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                variables[name] = value;
        }

        return variables;
    }

    /// <summary>The user's entry, or null where it has none or nothing can be read there: a shell that does not know its name is better than none.</summary>
    private static User? FindUser(uint uid)
    {
        try
        {
            return Accounts.ReadUsers().FindUser(uid);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
