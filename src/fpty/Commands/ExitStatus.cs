namespace Forkpty.Commands;

/// <summary>The exit statuses of fpty, as its man page lists them; those of the client are <see cref="Client.ClientOutcome"/>'s.</summary>
internal static class ExitStatus
{
    /// <summary>All went well.</summary>
    public const int Fine = 0;

    /// <summary>Something failed; the reason is on standard error.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a configuration file is wrong; nothing was started.</summary>
    public const int Usage = 2;
}
