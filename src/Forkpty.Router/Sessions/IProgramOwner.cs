namespace Forkpty.Sessions;

/// <summary>Whose program a <see cref="SessionProgram"/> is. Called on the lane's thread.</summary>
internal interface IProgramOwner
{
    Lane Lane { get; }

    /// <summary>The program has ended and is reaped; what it has started may go on.</summary>
    void OnProgramEnded();
}
