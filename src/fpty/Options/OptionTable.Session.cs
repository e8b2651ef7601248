namespace Forkpty.Options;

internal static partial class OptionTable
{
    public static readonly Option Command = new("forkptyrouter-command", OptionKind.Text, OptionCategory.Session)
    {
        Aliases = ["forkpty-router-command", "forkptyrouter-cmd", "forkpty-router-cmd"],
        Default = "/bin/sh",
        ReadAgain = true,
        Help = "The program of a session; with a space in it, it runs through /bin/sh -c.",
        Example = "/bin/bash",
        Differs = "Where the program cannot be started, the client reads the reason.",
    };

    public static readonly Option Rows = new("forkptyrouter-rows", OptionKind.Number, OptionCategory.Session)
    {
        Aliases = ["forkpty-router-rows"],
        Least = 1,
        Most = 65535,
        Default = "24",
        ReadAgain = true,
        Help = "The height of a new terminal, until the client tells its own.",
        Example = "40",
    };

    public static readonly Option Columns = new("forkptyrouter-cols", OptionKind.Number, OptionCategory.Session)
    {
        Aliases = ["forkpty-router-cols"],
        Least = 1,
        Most = 65535,
        Default = "80",
        ReadAgain = true,
        Help = "The width of a new terminal, until the client tells its own.",
        Example = "132",
    };

    public static readonly Option Environment = new("env", OptionKind.Assignment, OptionCategory.Session)
    {
        Short = 'e',
        Verbs = [Verb.Serve, Verb.Try, Verb.Connect, Verb.Attach],
        Repeated = true,
        ReadAgain = true,
        Help = "A variable for the environment of every session and of the commands at start; with connect and attach, of the new session.",
        Example = "LANG=C.UTF-8",
    };

    public static readonly Option WithoutEnvironment = new("unenv", OptionKind.Text, OptionCategory.Session)
    {
        Repeated = true,
        ReadAgain = true,
        Help = "A variable that no session gets, whatever else says so.",
        Example = "LD_PRELOAD",
    };

    public static readonly Option EnvironmentAllowed = new("forkptyrouter-env-allow", OptionKind.Text, OptionCategory.Session)
    {
        Aliases = ["forkpty-router-env-allow"],
        Repeated = true,
        OnlyHere = true,
        ReadAgain = true,
        Help = "Names, separated by commas, of variables that sessions get from the router's own environment.",
        Example = "TZ,SSH_AUTH_SOCK",
    };

    public static readonly Option InheritEnvironment = new("forkptyrouter-inherit-env", OptionKind.Flag, OptionCategory.Session)
    {
        Aliases = ["forkpty-router-inherit-env"],
        OnlyHere = true,
        ReadAgain = true,
        Help = "Give sessions the whole environment of the router, as uWSGI does.",
    };

    public static readonly Option SignalTarget = new("forkptyrouter-signal", OptionKind.Choice, OptionCategory.Session)
    {
        Aliases = ["forkpty-router-signal"],
        OnlyHere = true,
        Words = ["foreground", "leader"],
        Default = "foreground",
        ReadAgain = true,
        Help = "Who gets a signal that a client sends: the foreground process group, or the session's first process alone, as in uWSGI.",
        Example = "leader",
    };

    public static readonly Option WaitSlaves = new("forkptyrouter-wait-slaves", OptionKind.Flag, OptionCategory.Session)
    {
        Aliases = ["forkpty-router-wait-slaves"],
        OnlyHere = true,
        ReadAgain = true,
        Help = "Keep a session until every process has closed the terminal, as uWSGI does, and not only until its first process has ended.",
    };

    public static readonly Option SessionOnDisconnect = new("forkptyrouter-on-disconnect", OptionKind.Disconnect, OptionCategory.Session)
    {
        Aliases = ["forkpty-router-on-disconnect"],
        OnlyHere = true,
        Default = "hup",
        ReadAgain = true,
        Help = "What becomes of a session when its last client is gone, where an fpty client does not say; those of uWSGI and in raw mode are always hung up.",
        Example = "keep=8h",
    };

    public static readonly Option History = new("forkptyrouter-history", OptionKind.Number, OptionCategory.Session)
    {
        Aliases = ["forkpty-router-history"],
        OnlyHere = true,
        Least = 64 * 1024,
        Most = 1024 * 1024 * 1024,
        Default = "2097152",
        ReadAgain = true,
        Help = "The bytes of output that a kept session remembers, for a client whose connection broke.",
        Example = "8388608",
    };

    public static readonly Option AllowCommand = new("forkptyrouter-allow-command", OptionKind.Flag, OptionCategory.Session)
    {
        Aliases = ["forkpty-router-allow-command"],
        OnlyHere = true,
        ReadAgain = true,
        Help = "Let clients choose command, directory and environment; on where forkptyrouter-command is not given, and off where it is.",
    };

    public static readonly Option AttachTargets = new("attach-targets", OptionKind.Targets, OptionCategory.Session)
    {
        Repeated = true,
        OnlyHere = true,
        Help = "Names of containers, jails and processes, separated by commas, with * for any part: clients may have sessions inside of them, as any user there. The router must be able to enter them. * alone lets them into every process of this machine.",
        Example = "podman:web-*,jail:shop",
    };

    private static readonly Option[] SessionOptions =
    [
        Command, Rows, Columns, Environment, WithoutEnvironment, EnvironmentAllowed, InheritEnvironment, SignalTarget, WaitSlaves,
        SessionOnDisconnect, History, AllowCommand, AttachTargets,
    ];
}
