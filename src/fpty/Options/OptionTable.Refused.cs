namespace Forkpty.Options;

internal static partial class OptionTable
{
    private const string TerminalsOnly = "fpty serves terminals only; forkpty-router and forkpty-urouter open its sockets.";
    private const string WeakerJail = "fpty cannot do this, and without it the jail would be weaker than the file says; leave it out, or let an exec-as-root command do it.";
    private const string NoHooks = "fpty runs commands, not uWSGI's hooks; exec-pre-jail, exec-post-jail, exec-as-root and exec-as-user run a command at the same moments.";
    private const string NoLogic = "fpty's ini files have no conditions and no loops; write the lines out, or include a file.";
    private const string IniOnly = "fpty reads ini files only.";
    private const string OtherServices = "fpty runs a router and nothing beside it; let the init system run this.";

    private static readonly Option[] RefusedOptions =
    [
        ..Refuse(
            TerminalsOnly,
            "socket", "uwsgi-socket", "http-socket", "http11-socket", "https-socket", "fastcgi-socket", "scgi-socket", "raw-socket", "ssl-socket",
            "suwsgi-socket", "puwsgi-socket", "shared-socket", "undeferred-shared-socket", "map-socket", "protocol", "socket-protocol", "http",
            "https", "http-to", "fastrouter", "rawrouter", "sslrouter", "udp", "wsgi-file", "module", "wsgi", "mount", "static-map", "check-static", "route"),
        ..Refuse(
            WeakerJail,
            "cap", "setns", "setns-socket", "unshare2", "pivot-root", "pivot_root", "namespace", "ns", "namespace-keep-mount", "namespace-net",
            "ns-net", "jail", "jail2", "limit-as", "limit-nproc", "cgroup", "cgroup-opt", "mount-asap", "mount-pre-jail", "mount-post-jail",
            "mount-in-jail", "mount-as-root", "umount-asap", "umount-pre-jail", "umount-post-jail", "umount-in-jail", "umount-as-root"),
        ..Refuse("it takes effect in the middle of reading; write uid.", "immediate-uid"),
        ..Refuse("it takes effect in the middle of reading; write gid.", "immediate-gid"),
        ..Refuse(
            NoHooks,
            "hook-asap", "hook-pre-jail", "hook-post-jail", "hook-in-jail", "hook-as-root", "hook-as-user", "hook-as-user-atexit",
            "hook-master-start", "hook-accepting", "hook-as-gateway", "exec-as-user-atexit", "exec-pre-app", "exec-post-app", "call-asap",
            "call-pre-jail", "call-post-jail", "call-in-jail", "call-as-root", "call-as-user"),
        ..Refuse(
            NoLogic,
            "for", "for-glob", "for-times", "for-readline", "endfor", "end-for", "if-opt", "if-not-opt", "if-env", "if-not-env", "ifenv",
            "if-reload", "if-not-reload", "if-hostname", "if-not-hostname", "if-exists", "if-not-exists", "ifexists", "if-plugin", "if-not-plugin",
            "ifplugin", "if-file", "if-not-file", "if-dir", "if-not-dir", "ifdir", "if-directory", "else", "endif", "end-if", "end",
            "declare-option", "declare-option2", "resolve", "get", "blacklist", "end-blacklist", "whitelist", "end-whitelist", "inject-before",
            "inject-after", "fallback-config"),
        ..Refuse(IniOnly, "xml", "xmlconfig", "yaml", "yml", "js"),
        ..Refuse("write env = NAME=VALUE lines.", "envdir", "early-envdir", "ienv"),
        ..Refuse("it is opened as the unprivileged user; write logto, which is opened before root is given up.", "logto2"),
        ..Refuse(
            OtherServices,
            "emperor", "zeus", "attach-daemon", "attach-daemon2", "smart-attach-daemon", "smart-attach-daemon2", "legion-attach-daemon", "cron",
            "cron2", "unique-cron", "spooler", "mule", "mules", "worker-exec", "worker-exec2", "legion", "subscribe-to", "subscribe2", "snmp",
            "zerg", "zerg-server", "master-fifo"),
        ..Refuse("send the signal with kill and the number in the pid file: TERM ends the router, HUP reads the files again.", "stop", "reload"),
    ];

    private static IEnumerable<Option> Refuse(string reason, params string[] names)
    {
        foreach (var name in names)
        {
            yield return new Option(name, OptionKind.Text, OptionCategory.Refused)
            {
                Short = name == "socket" ? 's' : null,
                ValueIfBare = "",
                Refused = reason,
            };
        }
    }
}
