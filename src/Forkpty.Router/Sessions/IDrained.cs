namespace Forkpty.Sessions;

/// <summary>A session of which a <see cref="Drain"/> reads the last output. Called on the lane's thread.</summary>
internal interface IDrained
{
    Lane Lane { get; }

    /// <summary>When the last byte went either way, in the milliseconds of the loop.</summary>
    long LastTraffic { get; }

    /// <summary>How many bytes of output there were.</summary>
    long Offset { get; }

    /// <summary>Whether a client has not taken what was sent to it, so that nothing is read.</summary>
    bool IsHeld { get; }

    /// <summary>Reads what is there; ends the session where that was all.</summary>
    void ReadRest();

    /// <summary>All output has been read.</summary>
    void Finish();
}
