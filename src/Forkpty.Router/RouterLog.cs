using Microsoft.Extensions.Logging;

namespace Forkpty;

/// <summary>What a router logs: events and numbers, never what a person typed or saw.</summary>
internal static partial class RouterLog
{
    [LoggerMessage(1, LogLevel.Information, "listening on {Address} ({Mode})")]
    public static partial void Listening(this ILogger log, string address, string mode);

    [LoggerMessage(2, LogLevel.Information, "session {Session}: process {Pid} on pts/{Terminal}, {Mode}")]
    public static partial void SessionStarted(this ILogger log, string session, int pid, int terminal, string mode);

    [LoggerMessage(3, LogLevel.Information, "session {Session}: ended with {Status} after {Milliseconds} ms")]
    public static partial void SessionEnded(this ILogger log, string session, ExitStatus status, long milliseconds);

    [LoggerMessage(4, LogLevel.Warning, "{Client}: refused: {Reason}")]
    public static partial void Refused(this ILogger log, string client, string reason);

    [LoggerMessage(5, LogLevel.Information, "session {Session}: no traffic within the timeout, hung up")]
    public static partial void SessionTimedOut(this ILogger log, string session);

    [LoggerMessage(6, LogLevel.Warning, "session {Session}: hung up: {Reason}")]
    public static partial void SessionLost(this ILogger log, string session, string reason);

    [LoggerMessage(7, LogLevel.Information, "new sessions use the configuration that was read again")]
    public static partial void Reloaded(this ILogger log);

    [LoggerMessage(8, LogLevel.Information, "stopping; {Sessions} hung up")]
    public static partial void Stopping(this ILogger log, string sessions);

    [LoggerMessage(9, LogLevel.Warning, "{Count} more clients were refused within a second; the last one because: {Reason}")]
    public static partial void ManyRefused(this ILogger log, int count, string reason);

    [LoggerMessage(10, LogLevel.Information, "shared terminal: {Event}")]
    public static partial void SharedTerminal(this ILogger log, string @event);

    [LoggerMessage(13, LogLevel.Information, "{Sessions} outlived the router before this one")]
    public static partial void Restored(this ILogger log, string sessions);

    [LoggerMessage(14, LogLevel.Information, "ending what {Sessions} left behind when the router before this one was killed")]
    public static partial void EndingAbandoned(this ILogger log, string sessions);

    [LoggerMessage(12, LogLevel.Information, "upgraded; {Sessions} on")]
    public static partial void Upgraded(this ILogger log, string sessions);

    [LoggerMessage(11, LogLevel.Information, "session {Session}: process {Pid} on pipes")]
    public static partial void SessionWithoutTerminal(this ILogger log, string session, int pid);
}
