namespace Forkpty.Bench;

/// <summary>
/// Something that gives sessions, running: a router, or just this machine's ptys. Each number is taken on a server of its own, in which no session has ended
/// before: uWSGI's sessions inherit the descriptors of earlier ones, so one that is closed while a later one lives stays in the router's epoll for ever. Its
/// events then hit whatever session gets the same number, and a blocking read of that one's terminal stops the router for everybody.
/// Where sessions end and overlap by intention, uWSGI is measured as it is.
/// </summary>
internal abstract class Server : IDisposable
{
    /// <summary>Opens a session, on the raw socket or (<paramref name="framed"/>) on the one that speaks uwsgi packets.</summary>
    public abstract Connection Open(bool framed = false);

    public abstract void Dispose();
}
