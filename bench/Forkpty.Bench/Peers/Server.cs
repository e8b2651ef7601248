namespace Forkpty.Bench;

/// <summary>Something that gives sessions, running: a router, or just this machine's ptys.</summary>
internal abstract class Server : IDisposable
{
    /// <summary>Opens a session, on the raw socket or (<paramref name="framed"/>) on the one that speaks uwsgi packets.</summary>
    public abstract Connection Open(bool framed = false);

    public abstract void Dispose();
}
