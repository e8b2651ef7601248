namespace Forkpty.Sessions;

/// <summary>Somebody for whom a program is started. Called on the lane's thread.</summary>
internal interface IStarter
{
    Lane Lane { get; }

    /// <summary>Whether the program is still wanted when its turn comes; read on the spawner's thread.</summary>
    bool IsStartWanted { get; }

    void OnStartFailed(IOException refused);

    /// <summary>The program was not started, because it was not wanted any more.</summary>
    void OnStartCancelled();
}
