namespace Forkpty.Options;

internal static partial class OptionTable
{
    public static readonly Option Unshare = new("unshare", OptionKind.Choices, OptionCategory.Jail)
    {
        Words = ["fs", "ipc", "pid", "uts", "net", "user", "cgroup"],
        Synonyms = [("ns", "fs"), ("mount", "fs"), ("mnt", "fs")],
        Repeated = true,
        Help = "The namespaces that the router and its sessions get for themselves.",
        Example = "uts,ipc",
        Differs = "Every thread of the router is inside.",
    };

    public static readonly Option ExecAsap = new("exec-asap", OptionKind.Text, OptionCategory.Jail)
    {
        Repeated = true,
        Help = "A command to run first of all; a failing one ends the start.",
        Example = "mkdir -p /run/fpty",
    };

    public static readonly Option ExecPreJail = new("exec-pre-jail", OptionKind.Text, OptionCategory.Jail)
    {
        Repeated = true,
        Help = "A command to run before the namespaces are made; a failing one ends the start.",
        Example = "modprobe dummy",
    };

    public static readonly Option ExecPostJail = new("exec-post-jail", OptionKind.Text, OptionCategory.Jail)
    {
        Repeated = true,
        Help = "A command to run as soon as the namespaces are made; a failing one ends the start.",
        Example = "ip link set lo up",
    };

    public static readonly Option ExecInJail = new("exec-in-jail", OptionKind.Text, OptionCategory.Jail)
    {
        Repeated = true,
        Help = "A command to run inside the namespaces, after those of exec-post-jail; a failing one ends the start.",
        Example = "mount -t proc proc /proc",
    };

    public static readonly Option ExecAsRoot = new("exec-as-root", OptionKind.Text, OptionCategory.Jail)
    {
        Repeated = true,
        Help = "A command to run inside the jail before root is given up; a failing one ends the start.",
        Example = "hostname iaminajail",
    };

    public static readonly Option ExecAsUser = new("exec-as-user", OptionKind.Text, OptionCategory.Jail)
    {
        Repeated = true,
        Help = "A command to run as the user of uid and gid; a failing one ends the start.",
        Example = "touch /tmp/started",
    };

    public static readonly Option Chroot = new("chroot", OptionKind.Directory, OptionCategory.Jail)
    {
        Help = "The directory that becomes the root of the router and its sessions.",
        Example = "/srv/jail",
    };

    public static readonly Option Chdir = new("chdir", OptionKind.Directory, OptionCategory.Jail)
    {
        Aliases = ["chdir2"],
        Help = "The working directory of the router and its sessions.",
        Example = "/srv",
    };

    public static readonly Option User = new("uid", OptionKind.Text, OptionCategory.Jail)
    {
        Help = "The user, by name or number, that the router and its sessions run as.",
        Example = "kratos",
        Differs = "An unknown name is an error; it is checked that root cannot come back.",
    };

    public static readonly Option Group = new("gid", OptionKind.Text, OptionCategory.Jail)
    {
        Help = "The group, by name or number, that the router and its sessions run as.",
        Example = "kratos",
        Differs = "An unknown name is an error.",
    };

    public static readonly Option AddGroup = new("add-gid", OptionKind.Text, OptionCategory.Jail)
    {
        Repeated = true,
        Help = "One more group, by name or number.",
        Example = "audio",
    };

    public static readonly Option NoInitGroups = new("no-initgroups", OptionKind.Flag, OptionCategory.Jail)
    {
        Help = "Leave out the groups that /etc/group lists for the user of uid.",
    };

    public static readonly Option Umask = new("umask", OptionKind.Mode, OptionCategory.Jail)
    {
        Help = "The permissions that files made by the router and its sessions do not get.",
        Example = "027",
        Differs = "Without it the umask stays as it was at start; uWSGI's daemonize clears it.",
    };

    private static readonly Option[] JailOptions =
    [
        Unshare, ExecAsap, ExecPreJail, ExecPostJail, ExecInJail, ExecAsRoot, ExecAsUser, Chroot, Chdir, User, Group, AddGroup, NoInitGroups, Umask,
    ];
}
