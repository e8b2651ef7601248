using Forkpty.Protocol;

namespace Forkpty.Named;

/// <summary>A session as the directory knows it. All but <see cref="ILaneResident.HangUp"/> may be called from any thread.</summary>
internal interface ISession : ILaneResident
{
    int Id { get; }

    string Name { get; }

    Lane Lane { get; }

    /// <summary>Whether it lives on the calling thread, and is not on its way there.</summary>
    bool IsHere { get; }

    OnDisconnect OnDisconnect { get; }

    SessionInfo Describe();

    /// <summary>A client, on no lane at present or on this one's, attaches.</summary>
    void Join(Peer peer, OpenRequest request);

    /// <summary>Ends it, or sends its foreground group a signal.</summary>
    void Kill(int? signal);

    /// <summary>Makes every client leave.</summary>
    void DetachAll();
}
