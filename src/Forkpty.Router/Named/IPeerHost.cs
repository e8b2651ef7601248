namespace Forkpty.Named;

/// <summary>What a peer is attached to: the program that its input goes to and its output comes from. Called on the lane's thread.</summary>
internal interface IPeerHost
{
    Lane Lane { get; }

    /// <inheritdoc cref="ISession.IsHere"/>
    bool IsHere { get; }

    /// <summary>How many bytes may be read from a client now; 0: none is read.</summary>
    int InputRoom { get; }

    void Input(Peer peer, ReadOnlySpan<byte> bytes);

    void EndInput(Peer peer);

    void Signal(Peer peer, int number);

    /// <summary>The peer's window has a size, or another one than before.</summary>
    void Resize(Peer peer);

    /// <summary>The person wants the screen painted again; asked of a client that has taken everything.</summary>
    /// <returns>false: later, when it has taken what is still to come.</returns>
    bool TryRedraw(Peer peer);

    /// <summary>The person wants to leave the session running.</summary>
    void Detach(Peer peer);

    /// <summary>The client has left, or was made to; nothing happens where the host has let go of it before.</summary>
    /// <param name="peer">The client.</param>
    /// <param name="isLost">Without a word: its connection may have broken, and it may come back.</param>
    void Forget(Peer peer, bool isLost);

    /// <summary>The client has taken all output that waited for it.</summary>
    void OnPeerCaughtUp(Peer peer);
}
