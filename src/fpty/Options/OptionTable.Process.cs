namespace Forkpty.Options;

internal static partial class OptionTable
{
    public static readonly Option PidFile = new("pidfile", OptionKind.File, OptionCategory.Process)
    {
        Aliases = ["safe-pidfile"],
        Help = "Write the router's process id to this file, before root is given up.",
        Example = "/run/fpty.pid",
    };

    public static readonly Option PidFileAsUser = new("pidfile2", OptionKind.File, OptionCategory.Process)
    {
        Aliases = ["safe-pidfile2"],
        Help = "Write the router's process id to this file, after root was given up.",
        Example = "/tmp/fpty.pid",
    };

    public static readonly Option Daemonize = new("daemonize", OptionKind.File, OptionCategory.Process)
    {
        Aliases = ["daemonize2"],
        Short = 'd',
        Help = "Go to the background once the sockets are ready, and log to this file, which is opened once more at SIGHUP, where it may be.",
        Example = "/var/log/fpty.log",
        Differs = "The command returns when the router is ready, and with status 1 where it could not start.",
    };

    public static readonly Option LogTo = new("logto", OptionKind.File, OptionCategory.Process)
    {
        ReadAgain = true,
        Help = "Log to this file instead of standard error; it is opened before root is given up, and at SIGHUP once more, where it may be.",
        Example = "/var/log/fpty.log",
    };

    public static readonly Option MaxFiles = new("max-fd", OptionKind.Number, OptionCategory.Process)
    {
        Least = 16,
        Help = "The limit of open files (RLIMIT_NOFILE): a session needs three in the router.",
        Example = "65536",
    };

    public static readonly Option ProcessName = new("procname", OptionKind.Text, OptionCategory.Process)
    {
        Help = "The name of the router in lists of processes: of the process, cut after 15 bytes, and the first word of its command line.",
        Example = "shells",
        Differs = "The rest of the command line stays.",
    };

    private static readonly Option[] ProcessOptions = [PidFile, PidFileAsUser, Daemonize, LogTo, MaxFiles, ProcessName];
}
