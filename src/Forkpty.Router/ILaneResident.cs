namespace Forkpty;

/// <summary>Somebody who lives on a lane and has to leave it when the router stops.</summary>
internal interface ILaneResident
{
    /// <summary>Ends it; it takes itself off its lane, at once or when its program has ended.</summary>
    void HangUp();
}
