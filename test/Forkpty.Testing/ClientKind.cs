namespace Forkpty.Testing;

/// <summary>Who talks to the router in a test.</summary>
public enum ClientKind
{
    /// <summary>A socket of the test itself, byte by byte as the test says.</summary>
    Socket,

    /// <summary><c>fpty --pty-connect</c> or <c>--pty-uconnect</c> on a terminal.</summary>
    Fpty,

    /// <summary>Debian's <c>uwsgi --plugin pty</c> on a terminal.</summary>
    Uwsgi,
}
