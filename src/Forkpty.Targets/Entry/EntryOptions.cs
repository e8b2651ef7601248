namespace Forkpty.Targets;

/// <summary>What to start inside of a target, and as whom. All of it may be left out: then it is the shell of the user that the target's first process has, confined as that.</summary>
internal sealed class EntryOptions
{
    /// <summary>The program and its arguments; a name without a slash is looked up in the PATH of <see cref="Environment"/>, inside. Empty for the user's shell.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>A name or number of the target's own accounts, with a group after a colon where it is not the user's own: <c>www</c>, <c>1000:1000</c>. Null for the user of the first process.</summary>
    public string? User { get; init; }

    /// <summary>The directory inside, which must be there. Null for that of the first process, or the user's home for a login shell; / where that cannot be entered.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables beside those that every program gets: PATH, HOME, USER, LOGNAME, SHELL. They win over <see cref="Inherited"/>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The environment of whoever attaches. TERM, COLORTERM, LANG, LANGUAGE and LC_* of it are handed on, nothing else.</summary>
    public IReadOnlyDictionary<string, string> Inherited { get; init; } = new Dictionary<string, string>();

    /// <summary>Nothing of <see cref="Inherited"/> is handed on.</summary>
    public bool ClearEnvironment { get; init; }

    /// <summary>The shell is a login shell: its name begins with a dash, and it starts in the user's home.</summary>
    public bool Login { get; init; }

    /// <summary>Without the target's confinement: all capabilities, no seccomp filter, no NoNewPrivs, no label. A program of a privileged user can leave the target.</summary>
    public bool Privileged { get; init; }

    /// <summary>The namespaces to enter, of user, mnt, pid, uts, ipc, net, cgroup and time; null for all. One that is not entered is the caller's own.</summary>
    public IReadOnlyList<string>? Namespaces { get; init; }

    /// <summary>Brings a static busybox of this machine as the shell, for a target that has none. Nothing is written or mounted for it.</summary>
    public bool Toolbox { get; init; }

    /// <summary>Pipes in place of a terminal: no byte is changed, and errors are apart.</summary>
    public bool WithPipes { get; init; }

    /// <summary>The window before the program's first byte.</summary>
    public WindowSize Size { get; init; } = WindowSize.Default;
}
