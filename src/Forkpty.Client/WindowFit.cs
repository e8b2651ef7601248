using System.Diagnostics;

namespace Forkpty.Client;

/// <summary>
/// The session has one size, and this window may be smaller. The person is told so, once for each size of this window, and what has gone wrong is drawn anew where it fits again: both when
/// sizes have been quiet for half a second, since who drags a window changes its size some tens of times. (In a window that is too low, a screen that is drawn anew would scroll its beginning away.)
/// </summary>
internal sealed class WindowFit(Notices notices, RemoteModes modes)
{
    private const long Never = long.MaxValue;

    private WindowSize? _here;
    private WindowSize? _told; // this window's size, where the person was told
    private bool _isWrong; // the session's size has not fitted since the screen was drawn
    private bool _isViewer;
    private long _due = Never;

    /// <summary>The session's size, once the router has told it.</summary>
    public WindowSize? There { get; private set; }

    /// <summary>Milliseconds until <see cref="Settle"/>, -1 for never.</summary>
    public int DueIn => _due == Never ? -1 : (int)Math.Max(0, Math.Ceiling(Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _due).TotalMilliseconds));

    private bool Fits => There is not { } there || _here is not { } here || (here.Rows >= there.Rows && here.Columns >= there.Columns);

    /// <summary>The router has told the session's size, which is another client's.</summary>
    public void Note(WindowSize there, bool isViewer)
    {
        WindowSize? here = LocalTerminal.Size();
        if (there == There && here == _here) return;
        (There, _here, _isViewer) = (there, here, isViewer);
        _isWrong |= !Fits;
        _due = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 2);
    }

    /// <summary>To be called when it is due. True where the screen has to be drawn anew.</summary>
    public bool Settle()
    {
        _due = Never;
        _here = LocalTerminal.Size();
        if (!Fits)
        {
            if (_here != _told) notices.TooSmall(_here!.Value, There!.Value, _isViewer, modes.HasAlternateScreen);
            _told = _here;
            return false;
        }

        _told = null;
        bool wasWrong = _isWrong;
        _isWrong = false;
        return wasWrong;
    }
}
