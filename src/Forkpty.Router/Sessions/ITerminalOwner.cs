namespace Forkpty.Sessions;

/// <summary>Somebody for whom a program is started. Called on the lane's thread.</summary>
internal interface ITerminalOwner
{
    Lane Lane { get; }

    void OnStarted(Pty terminal, Leader leader);

    void OnStartFailed(KernelException refused);
}
