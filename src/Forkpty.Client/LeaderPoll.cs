namespace Forkpty.Client;

/// <summary>
/// The end of a program, for who waits with poll(2). Where somebody traces the program, its pidfd is readable and its end is the tracer's first: then it is looked at again after a while.
/// </summary>
internal struct LeaderPoll(Leader leader)
{
    private long _again; // in milliseconds: not watched before

    /// <summary>What to wait for; -1 while that would not wait.</summary>
    public readonly int Descriptor => DueIn < 0 ? leader.Pidfd.Value : -1;

    /// <summary>Milliseconds until the next look; -1: the descriptor tells.</summary>
    public readonly int DueIn => _again == 0 ? -1 : (int)Math.Max(0, _again - Environment.TickCount64);

    /// <summary>Whether the next look is due without an event.</summary>
    public readonly bool IsDue => DueIn == 0;

    /// <inheritdoc cref="Leader.TryReap"/>
    public ExitStatus? TryReap()
    {
        ExitStatus? status = leader.TryReap();
        _again = status is null ? Environment.TickCount64 + Leader.TracedWait : 0;
        return status;
    }
}
