namespace Forkpty.Testing;

/// <summary>What the client sends on the socket.</summary>
public enum Wire
{
    /// <summary>Bytes of the socket are bytes of the terminal.</summary>
    Raw,

    /// <summary>Packets from client to router: stdin, window size, signals.</summary>
    Uwsgi,
}
