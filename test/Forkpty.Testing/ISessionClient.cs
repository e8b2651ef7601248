namespace Forkpty.Testing;

/// <summary>A client of a router, whatever it is made of.</summary>
public interface ISessionClient : IAsyncDisposable
{
    /// <summary>What the session has put out, as this client shows it.</summary>
    Transcript Output { get; }

    /// <summary>Types; one chunk as it stands.</summary>
    Task TypeAsync(string text);

    /// <summary>Changes the window; only uwsgi mode can carry it.</summary>
    Task ResizeAsync(int rows, int columns);

    /// <summary>Waits until the router has ended the session: the socket is closed, or the client program has exited.</summary>
    Task ExpectOverAsync(TimeSpan? within = null);

    /// <summary>Goes away without a word.</summary>
    Task LeaveAsync();
}
