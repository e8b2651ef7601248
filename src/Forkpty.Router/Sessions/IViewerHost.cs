namespace Forkpty.Sessions;

/// <summary>What a viewer sees: the terminal that its input goes to and its output comes from. Called on the lane's thread.</summary>
internal interface IViewerHost
{
    Lane Lane { get; }

    /// <summary>Whether clients should be read now.</summary>
    bool WantsInput { get; }

    /// <summary>How many bytes may be read from a client now.</summary>
    int InputRoom { get; }

    /// <summary>Whether a client that asks for the session protocol in its first two packets can have it: no program has been started for it meanwhile.</summary>
    bool MayUpgrade { get; }

    /// <summary>The client's first two packets ask for the session protocol: it is somebody else's from here on, with the bytes that it sent after them.</summary>
    void Upgrade(Viewer viewer, ReadOnlySpan<byte> rest);

    /// <summary>Input for the program, at most <see cref="InputRoom"/> bytes.</summary>
    void Input(ReadOnlySpan<byte> bytes);

    void Signal(int number);

    void SetRows(ushort rows);

    void SetColumns(ushort columns);

    /// <summary>All packets of one read have been taken.</summary>
    void EndOfPackets();

    /// <summary>The client sends no more, but may still read.</summary>
    void OnInputEnded(Viewer viewer);

    /// <summary>The client has taken all output that waited for it.</summary>
    void OnViewerCaughtUp(Viewer viewer);

    /// <summary>The client is gone; its socket is still open here.</summary>
    void OnViewerGone(Viewer viewer);
}
