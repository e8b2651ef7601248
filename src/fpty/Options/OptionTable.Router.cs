namespace Forkpty.Options;

internal static partial class OptionTable
{
    public static readonly Option Router = new("forkpty-router", OptionKind.Address, OptionCategory.Router)
    {
        Aliases = ["forkptyrouter"],
        Repeated = true,
        Help = "Give every connection to this socket a new terminal, with plain bytes on the wire.",
        Example = "/run/fpty.socket",
        Differs = "A TCP address other than loopback is refused unless insecure-tcp is set.",
    };

    public static readonly Option UwsgiRouter = new("forkpty-urouter", OptionKind.Address, OptionCategory.Router)
    {
        Aliases = ["forkptyurouter"],
        Repeated = true,
        Help = "Give every connection to this socket a new terminal, with uwsgi packets from the client: the window's size and signals travel too.",
        Example = "/run/fpty.usocket",
        Differs = "A TCP address other than loopback is refused unless insecure-tcp is set; packets may come split and joined in any way.",
    };

    public static readonly Option Workers = new("forkptyrouter-processes", OptionKind.Number, OptionCategory.Router)
    {
        Aliases = ["forkptyrouter-workers", "forkpty-router-processes", "forkpty-router-workers"],
        Least = 1,
        Most = 64,
        Help = "The number of event loops: one for keystrokes, the others for sessions that flood; 2 to 4 where not given, by the number of processors.",
        Example = "2",
        Differs = "Threads of one process instead of processes.",
    };

    public static readonly Option Timeout = new("forkptyrouter-timeout", OptionKind.Duration, OptionCategory.Router)
    {
        Aliases = ["forkpty-router-timeout"],
        Default = "0",
        ReadAgain = true,
        Help = "End a session after this time without traffic; 0 means never.",
        Example = "600",
        Differs = "uWSGI ends a session after 60 s unless told otherwise; here it lives on. ms, s, m and h may follow the number.",
    };

    public static readonly Option Stats = new("forkptyrouter-stats", OptionKind.Address, OptionCategory.Router)
    {
        Aliases =
        [
            "forkptyrouter-stats-server", "forkptyrouter-ss",
            "forkpty-router-stats", "forkpty-router-stats-server", "forkpty-router-ss",
        ],
        Help = "Write the router's figures as JSON to whoever connects to this socket.",
        Example = "/run/fpty.stats",
    };

    public static readonly Option Listen = new("listen", OptionKind.Number, OptionCategory.Router)
    {
        Short = 'l',
        Least = 1,
        Most = 65535,
        Default = "100",
        Help = "The number of connections that may wait to be accepted on a socket; the kernel's limit is net.core.somaxconn, and holds where the option is not given for a UNIX socket of a service manager.",
        Example = "1024",
    };

    public static readonly Option InsecureTcp = new("insecure-tcp", OptionKind.Flag, OptionCategory.Router)
    {
        OnlyHere = true,
        Help = "Allow terminals on TCP addresses other than loopback, without encryption and without a password: whoever reaches the port has a shell.",
    };

    public static readonly Option AbstractSocket = new("abstract-socket", OptionKind.Flag, OptionCategory.Router)
    {
        Short = 'a',
        Help = "Bind UNIX sockets in the abstract namespace, as if each path began with @.",
    };

    public static readonly Option SocketMode = new("chmod-socket", OptionKind.Mode, OptionCategory.Router)
    {
        Aliases = ["chmod"],
        Short = 'C',
        ValueIfBare = "666",
        Help = "The permissions of UNIX sockets; 600 where the option is not given, 666 where it is given without a value.",
        Example = "660",
        Differs = "They hold from the first moment, there is no window after bind; without the option uWSGI leaves what the umask leaves.",
    };

    public static readonly Option SocketOwner = new("chown-socket", OptionKind.Text, OptionCategory.Router)
    {
        Help = "The owner of UNIX sockets: USER or USER:GROUP; where not given, whom uid and gid name.",
        Example = "kratos:www-data",
        Differs = "Without it uWSGI's sockets stay with whoever started it.",
    };

    public static readonly Option Vacuum = new("vacuum", OptionKind.Flag, OptionCategory.Router)
    {
        Help = "Remove the sockets and the pid file at exit, as happens without it too.",
        Differs = "uWSGI leaves the sockets of its router.",
    };

    private static readonly Option[] RouterOptions =
    [
        Router, UwsgiRouter, Workers, Timeout, Stats, Listen, InsecureTcp, AbstractSocket, SocketMode, SocketOwner, Vacuum,
    ];
}
