namespace Forkpty.Protocol;

/// <summary>The kinds of <see cref="OnDisconnect"/>.</summary>
public enum DisconnectAction
{
    /// <summary>SIGHUP, as a terminal that is gone.</summary>
    HangUp,

    /// <summary>The session goes on.</summary>
    Keep,

    /// <summary>SIGKILL to every process of the session.</summary>
    Kill,
}
