namespace Forkpty.Client;

/// <summary>
/// The session has one size, and this window may be smaller. The person is told so, once for each size of this window, and what has gone wrong is drawn anew where it fits again: both when
/// sizes have been quiet for a moment, since who drags a window changes its size some tens of times. (In a window that is too low, a screen that is drawn anew would scroll its beginning away.)
/// </summary>
internal sealed class WindowFit(Notices notices, RemoteModes modes)
{
    private const long Never = long.MaxValue;
    private const int Quiet = 500; // milliseconds

    private WindowSize _here; // without rows where nobody knows it
    private WindowSize _told; // this window's size, where the person was told
    private bool _isWrong; // the session's size has not fitted since the screen was drawn
    private long _due = Never;

    /// <summary>The session's size, once the router has told it.</summary>
    public WindowSize? There { get; private set; }

    /// <summary>Milliseconds until <see cref="Settle"/>, -1 for never.</summary>
    public int DueIn => _due == Never ? -1 : (int)Math.Max(0, _due - Environment.TickCount64);

    private bool Fits => _here.Rows == 0 || (_here.Rows >= There?.Rows && _here.Columns >= There?.Columns);

    /// <summary>The router has told the session's size, which is another client's.</summary>
    public void Note(WindowSize there)
    {
        WindowSize here = LocalTerminal.Size() ?? default;
        if (there == There && here == _here) return;
        (There, _here) = (there, here);
        _isWrong |= !Fits;
        _due = Environment.TickCount64 + Quiet;
    }

    /// <summary>To be called when it is due. True where the screen has to be drawn anew.</summary>
    public bool Settle(bool isViewer)
    {
        _due = Never;
        _here = LocalTerminal.Size() ?? default;
        if (!Fits)
        {
            if (_here != _told) notices.TooSmall(_here, There!.Value, isViewer, modes.HasAlternateScreen);
            _told = _here;
            return false;
        }

        _told = default;
        bool wasWrong = _isWrong;
        _isWrong = false;
        return wasWrong;
    }
}
