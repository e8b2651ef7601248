namespace Forkpty;

/// <summary>Whom a signal packet of uwsgi mode reaches.</summary>
public enum SignalTarget
{
    /// <summary>The foreground process group of the terminal, as a key would; the leader where there is none.</summary>
    Foreground,

    /// <summary>The program that leads the session alone, as uWSGI does.</summary>
    Leader,
}
