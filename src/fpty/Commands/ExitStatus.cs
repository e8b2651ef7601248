namespace Forkpty.Commands;

/// <summary>The exit statuses of fpty, as its man page lists them.</summary>
internal static class ExitStatus
{
    /// <summary>All went well.</summary>
    public const int Fine = 0;

    /// <summary>Something failed; the reason is on standard error.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a configuration file is wrong; nothing was started.</summary>
    public const int Usage = 2;

    /// <summary>The client could not connect, or lost the connection.</summary>
    public const int NoConnection = 255;
}
