namespace Forkpty.Sessions;

/// <summary>Somebody for whom a program is started. Called on the lane's thread.</summary>
internal interface IStarter
{
    Lane Lane { get; }

    /// <summary>Whether the program is still wanted when its turn comes; read on the spawner's thread.</summary>
    bool IsStartWanted { get; }

    /// <summary>The program runs, and nobody else knows it yet. On the spawner's thread, for what would keep a lane waiting.</summary>
    void OnBorn(Leader leader)
    {
    }

    void OnStartFailed(IOException refused);

    /// <summary>The program was not started, because it was not wanted any more.</summary>
    void OnStartCancelled();
}
