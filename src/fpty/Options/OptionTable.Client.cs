namespace Forkpty.Options;

internal static partial class OptionTable
{
    public static readonly Option Connect = new("pty-connect", OptionKind.Address, OptionCategory.Client)
    {
        Help = "Connect this terminal to a router or a shared pty, with plain bytes on the wire.",
        Verbs = [Verb.Connect],
        Example = "/run/fpty.socket",
        Differs = "The terminal is fully raw, so Ctrl-C goes to the program; it is always restored, and an escape leaves the session.",
    };

    public static readonly Option UwsgiConnect = new("pty-uconnect", OptionKind.Address, OptionCategory.Client)
    {
        Help = "Connect this terminal to a router in uwsgi mode: the window's size travels too.",
        Verbs = [Verb.Connect],
        Example = "/run/fpty.usocket",
        Differs = "As for pty-connect; pastes of any length arrive.",
    };

    public static readonly Option Raw = ClientFlag("raw", [Verb.Connect], "Plain bytes on the wire, for a forkpty-router or pty-socket address.");

    public static readonly Option Escape = new("escape", OptionKind.Key, OptionCategory.Client)
    {
        OnlyHere = true,
        Verbs = [Verb.Connect, Verb.Attach],
        Default = "~",
        Help = "The character that, after Enter and before a dot, leaves the session; none switches it off.",
        Example = "^]",
    };

    public static readonly Option NoInterruptSignal = new("pty-no-isig", OptionKind.Flag, OptionCategory.Client)
    {
        Verbs = [Verb.Connect],
        WithoutEffect = "the client always passes Ctrl-C and its like on to the program.",
    };

    public static readonly Option Name = new("name", OptionKind.SessionName, OptionCategory.Client)
    {
        OnlyHere = true,
        CommandLineOnly = true,
        Verbs = [Verb.Connect, Verb.Attach],
        Help = "The name of the new session, which must be free and no number; such a session is kept unless --on-disconnect says otherwise. Without it the session has a number.",
        Example = "build",
    };

    public static readonly Option Keep = new("keep", OptionKind.Duration, OptionCategory.Client)
    {
        OnlyHere = true,
        CommandLineOnly = true,
        Verbs = [Verb.Connect, Verb.Attach],
        ValueIfBare = "",
        Help = "The new session goes on when its last client is gone, for this time or, without one, until its program ends.",
        Example = "30m",
    };

    public static readonly Option OnDisconnect = new("on-disconnect", OptionKind.Disconnect, OptionCategory.Client)
    {
        OnlyHere = true,
        CommandLineOnly = true,
        Verbs = [Verb.Connect, Verb.Attach],
        Help = "What becomes of the new session when its last client is gone: hup hangs it up, keep is --keep, kill ends every process of it.",
        Example = "kill",
    };

    public static readonly Option Directory = new("cwd", OptionKind.Directory, OptionCategory.Client)
    {
        OnlyHere = true,
        CommandLineOnly = true,
        Verbs = [Verb.Connect, Verb.Attach],
        Help = "The directory in which the new session's program starts, as the router sees it; without it, on your own router, the one that you are in, else the router's.",
        Example = "/srv",
    };

    public static readonly Option Pty = ClientFlag("pty", [Verb.Connect, Verb.Attach], "Run the command on a terminal, also where the input comes from none.");

    public static readonly Option NoPty = ClientFlag(
        "no-pty",
        [Verb.Connect, Verb.Attach],
        "Run the command without a terminal: input, output and errors are pipes that change no byte, and SIGINT, SIGTERM and SIGQUIT are passed on. So does a command whose input comes from no terminal and that is neither named nor kept. With attach, where fpty enters the target itself.");

    public static readonly Option Detached = ClientFlag("detached", [Verb.Connect], "Start the session, print its name, and leave it at once; it is kept.", 'd');

    public static readonly Option Take = ClientFlag("take", [Verb.Connect, Verb.Attach], "Detach the session's other clients, but those that only look.");

    public static readonly Option Create = ClientFlag("create", [Verb.Attach], "Make the session where there is none of this name; it is kept unless --on-disconnect says otherwise.");

    public static readonly Option ReadOnly = ClientFlag("read-only", [Verb.Attach], "Look only: the router takes no key, signal or size from this client.", 'r');

    public static readonly Option Reconnect = new("reconnect", OptionKind.Duration, OptionCategory.Client)
    {
        OnlyHere = true,
        CommandLineOnly = true,
        Verbs = [Verb.Connect, Verb.Attach],
        Default = "60",
        Help = "How long a lost connection to a kept session is tried again; 0 for not at all.",
        Example = "10m",
    };

    public static readonly Option Json = ClientFlag("json", [Verb.Ps, Verb.Doctor, Verb.Orphans], "An array of JSON objects in place of a table.");

    public static readonly Option Quiet = ClientFlag("quiet", [Verb.Ps], "Names only, one a line.", 'q');

    public static readonly Option KillSignal = new("signal", OptionKind.Signal, OptionCategory.Client)
    {
        OnlyHere = true,
        CommandLineOnly = true,
        Verbs = [Verb.Kill],
        Short = 's',
        Help = "Send this signal to the session's foreground process group, and do nothing else.",
        Example = "INT",
    };

    public static readonly Option TargetUser = new("user", OptionKind.Text, OptionCategory.Client)
    {
        OnlyHere = true,
        CommandLineOnly = true,
        Verbs = [Verb.Attach],
        Short = 'u',
        Help = "The user in the target, by name or number of its own accounts, with a group after a colon where it is another; without it that of its first process.",
        Example = "www-data",
    };

    public static readonly Option ClearEnvironment = ClientFlag(
        "clear-env", [Verb.Attach], "Hand on nothing of this environment to the target, where else TERM, COLORTERM, LANG, LANGUAGE and LC_* are.");

    public static readonly Option Login = ClientFlag("login", [Verb.Attach], "A login shell in the target, in its user's home.", 'l');

    public static readonly Option Privileged = ClientFlag(
        "privileged", [Verb.Attach], "Enter the target without its limits on capabilities, its seccomp filter, NoNewPrivs and label; such a program can leave it.");

    public static readonly Option Namespaces = new("namespaces", OptionKind.Choices, OptionCategory.Client)
    {
        OnlyHere = true,
        CommandLineOnly = true,
        Verbs = [Verb.Attach],
        Words = ["user", "mnt", "pid", "uts", "ipc", "net", "cgroup", "time"],
        Help = "Enter only these namespaces of the target; a user namespace of its own is left out with --privileged only.",
        Example = "net,uts",
    };

    public static readonly Option Toolbox = ClientFlag(
        "toolbox", [Verb.Attach, Verb.Doctor], "Bring a static busybox of this machine, for a target without a shell; nothing is written into the target.");

    public static readonly Option Follow = ClientFlag(
        "follow", [Verb.Attach], "Wait for the target where it does not run, and each time that it has ended; then enter it anew. A program that ends by itself is the end.", 'f');

    private static Option ClientFlag(string name, Verb[] verbs, string help, char? letter = null) =>
        new(name, OptionKind.Flag, OptionCategory.Client) { OnlyHere = true, CommandLineOnly = true, Verbs = verbs, Help = help, Short = letter };

    private static readonly Option[] ClientOptions =
    [
        Connect, UwsgiConnect, Raw, Escape, Name, Keep, OnDisconnect, Directory, Pty, NoPty, Detached, Take, Create, ReadOnly, Reconnect, Json, Quiet, KillSignal, NoInterruptSignal,
        TargetUser, ClearEnvironment, Login, Privileged, Namespaces, Toolbox, Follow,
    ];
}
