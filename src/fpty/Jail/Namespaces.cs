using Forkpty.Interop;

namespace Forkpty.Jail;

/// <summary>What the jail does not share with the host; namespaces(7). The values are those of unshare(2).</summary>
[Flags]
internal enum Namespaces
{
    None = 0,
    Mount = Libc.CLONE_NEWNS,
    Cgroup = Libc.CLONE_NEWCGROUP,
    Uts = Libc.CLONE_NEWUTS,
    Ipc = Libc.CLONE_NEWIPC,
    User = Libc.CLONE_NEWUSER,
    Pid = Libc.CLONE_NEWPID,
    Net = Libc.CLONE_NEWNET,
}

/// <summary>The words of the option <c>unshare</c>.</summary>
internal static class NamespaceNames
{
    /// <summary>The allowed words, for a message.</summary>
    public const string Allowed = "fs, ipc, pid, uts, net, user, cgroup";

    /// <summary>Reads a comma list as uWSGI writes it: <c>uts,ipc,fs</c>.</summary>
    /// <exception cref="JailException">A word is none of the allowed ones.</exception>
    public static Namespaces Parse(string list)
    {
        var all = Namespaces.None;
        foreach (string word in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            all |= Find(word) ?? throw new JailException($"unshare = {list}: there is no namespace \"{word}\"; allowed are {Allowed}");
        return all;
    }

    /// <summary>The words for a set, as the option would be written.</summary>
    public static string Describe(Namespaces set)
    {
        var words = new List<string>();
        foreach (string word in Allowed.Split(", "))
        {
            if ((set & Find(word)) is > 0)
                words.Add(word);
        }
        return string.Join(',', words);
    }

    private static Namespaces? Find(string word) => word switch
    {
        "fs" or "ns" or "mount" or "mnt" => Namespaces.Mount,
        "ipc" => Namespaces.Ipc,
        "pid" => Namespaces.Pid,
        "uts" => Namespaces.Uts,
        "net" => Namespaces.Net,
        "user" => Namespaces.User,
        "cgroup" => Namespaces.Cgroup,
        // uWSGI takes these too. Descriptors, semaphore undo lists and I/O contexts are a process's own here in any case.
        "files" or "io" or "sysvsem" => Namespaces.None,
        _ => null,
    };
}
