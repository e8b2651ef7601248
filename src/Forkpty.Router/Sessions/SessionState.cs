namespace Forkpty.Sessions;

/// <summary>Where a session stands. The table is in docs/architecture.md.</summary>
internal enum SessionState : byte
{
    /// <summary>A client in uwsgi mode has connected; its first packets tell the window's size before the program starts.</summary>
    Waiting,

    /// <summary>The program is being started.</summary>
    Starting,

    /// <summary>The program runs.</summary>
    Running,

    /// <summary>The leader has ended; its output is still coming.</summary>
    Draining,

    /// <summary>All output has been read; the client has not taken all of it.</summary>
    Flushing,

    /// <summary>The client is gone and the terminal hung up; the leader has not ended yet.</summary>
    HungUp,

    /// <summary>Nothing is left.</summary>
    Closed,
}
