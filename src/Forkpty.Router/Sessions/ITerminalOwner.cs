namespace Forkpty.Sessions;

/// <summary>Somebody for whom a program is started on a terminal.</summary>
internal interface ITerminalOwner : IStarter
{
    void OnStarted(Pty terminal, Leader leader);
}
