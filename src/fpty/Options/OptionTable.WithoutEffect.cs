namespace Forkpty.Options;

internal static partial class OptionTable
{
    private const string NoApplication = "there is no application server behind the terminals.";
    private const string NoWorkers = "one process serves all sessions, there are no workers to watch or reload.";
    private const string NoPlugins = "router, client and shared pty are built in, there is nothing to load.";
    private const string NoRequests = "there are no requests to log or measure.";
    private const string NoCorerouter = "uWSGI's router core uses it for back ends, and a terminal has none.";

    private static readonly Option[] OptionsWithoutEffect =
    [
        ..Flags("the router has what uWSGI's master gave it: it reaps, restarts nothing and cleans up by itself.", "master"),
        ..Flags("the router always ends on SIGTERM.", "die-on-term"),
        ..Flags(NoPlugins, "autoload"),
        ..Values(NoPlugins, "plugins", "plugin", "need-plugins", "need-plugin", "plugins-dir", "plugin-dir"),
        ..Flags(NoCorerouter, "forkptyrouter-cheap"),
        ..Values(NoCorerouter, "forkptyrouter-zerg", "forkptyrouter-fallback", "forkptyrouter-harakiri"),
        ..Values("the number of events per turn of the loop is chosen by measurement.", "forkptyrouter-events"),
        ..Flags(
            NoApplication,
            "enable-threads", "no-threads-wait", "need-app", "single-interpreter", "lazy", "lazy-apps", "no-default-app", "dynamic-apps",
            "thunder-lock", "thunder-lock-watchdog", "honour-stdin", "no-orphans", "cheap", "manage-script-name", "catch-exceptions",
            "enable-metrics", "vhost", "ignore-sigpipe", "ignore-write-errors", "disable-write-exception", "close-on-exec",
            "close-on-exec2", "master-as-root", "no-server", "never-swap", "drop-after-init", "drop-after-apps"),
        ..Values(
            NoApplication,
            "processes", "workers", "threads", "async", "buffer-size", "post-buffering", "harakiri", "max-requests", "max-apps", "max-vars",
            "socket-timeout", "write-errors-tolerance", "thread-stacksize", "threads-stacksize", "stats", "stats-server", "locks",
            "lock-engine", "offload-threads", "limit-post", "cheaper", "cheaper-initial", "cheaper-algo", "cheaper-step", "idle"),
        ..Flags(NoWorkers, "exit-on-reload", "harakiri-verbose", "reload-on-exception", "auto-procname", "reaper"),
        ..Values(
            NoWorkers,
            "reload-mercy", "worker-reload-mercy", "mule-reload-mercy", "reload-on-as", "reload-on-rss", "evil-reload-on-as",
            "evil-reload-on-rss", "max-worker-lifetime", "min-worker-lifetime", "touch-reload", "touch-workers-reload", "fs-reload",
            "procname-master", "procname-prefix", "procname-prefix-spaced", "procname-append", "check-interval",
            "forkbomb-delay", "heartbeat"),
        ..Flags(
            NoRequests,
            "disable-logging", "log-master", "log-4xx", "log-5xx", "log-micros", "log-x-forwarded-for", "logfile-chown", "threaded-logger",
            "log-reopen", "log-truncate", "log-zero", "memory-report", "stats-http", "stats-minified"),
        ..Values(
            NoRequests,
            "log-format", "logformat", "log-slow", "log-big", "log-sendfile", "log-ioerror", "log-maxsize", "log-backupname", "logfile-chmod",
            "touch-logrotate", "touch-logreopen"),
        ..Flags("every line of the log has its time.", "log-date", "logdate", "logformat-strftime", "log-format-strftime"),
    ];

    private static IEnumerable<Option> Flags(string reason, params string[] names) => Inert(OptionKind.Flag, reason, names);

    private static IEnumerable<Option> Values(string reason, params string[] names) => Inert(OptionKind.Text, reason, names);

    private static IEnumerable<Option> Inert(OptionKind kind, string reason, string[] names)
    {
        foreach (var name in names)
        {
            yield return new Option(name, kind, OptionCategory.WithoutEffect)
            {
                Aliases = name.StartsWith("forkptyrouter-", StringComparison.Ordinal) ? [name.Replace("forkptyrouter-", "forkpty-router-", StringComparison.Ordinal)] : [],
                Short = ShortOfUwsgi(name),
                WithoutEffect = reason,
            };
        }
    }

    private static char? ShortOfUwsgi(string name) => name switch
    {
        "master" => 'M',
        "processes" => 'p',
        "harakiri" => 't',
        "buffer-size" => 'b',
        "enable-threads" => 'T',
        "single-interpreter" => 'i',
        "disable-logging" => 'L',
        "memory-report" => 'm',
        "max-requests" => 'R',
        "max-vars" => 'v',
        "reaper" => 'r',
        "socket-timeout" => 'z',
        _ => null,
    };
}
