using Forkpty.Upgrade;

namespace Forkpty;

/// <summary>Somebody who lives on a lane and has to leave it when the router stops.</summary>
internal interface ILaneResident
{
    /// <summary>What it is, for who reads what <see cref="Save"/> has written; nobody where there is nothing to go on with.</summary>
    Resident Kind { get; }

    /// <summary>Ends it; it takes itself off its lane, at once or when its program has ended.</summary>
    void HangUp();

    /// <summary>Writes what another executable needs to go on with it. At a standstill, on any thread.</summary>
    void Save(StateWriter state);
}
