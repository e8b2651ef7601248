using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Reactor;

namespace Forkpty.Sessions;

/// <content>Who is there, and how long they are waited for.</content>
internal sealed partial class SharedTerminal
{
    /// <summary>Bytes that a client may be behind before the program has to wait for it: a bound for memory.</summary>
    private const int MostBehind = 256 * 1024;

    /// <summary>Within so many milliseconds a client that is waited for has to take so many bytes, or it is dropped: one that is slow is kept, one that does not read holds the others up once.</summary>
    private const int Patience = 500;
    private const int LeastTaken = 64 * 1024;

    private readonly List<Viewer> _viewers = [];
    private readonly Dictionary<Viewer, LoopTimer> _leaving = [];
    private LoopTimer? _patience;
    private bool _paused;

    public void Join(SafeFd client, bool isTcp)
    {
        var viewer = new Viewer(this, client, WireMode.Raw, isTcp);
        if (!viewer.TryAttach())
        {
            viewer.Close();
            return;
        }

        _viewers.Add(viewer);
        Start();
    }

    public void OnViewerCaughtUp(Viewer viewer)
    {
        if (_leaving.ContainsKey(viewer))
        {
            OnViewerGone(viewer);
        }
        else if (_paused)
        {
            _patience?.Cancel();
            PauseIfSomebodyIsBehind();
        }
    }

    public void OnViewerGone(Viewer viewer)
    {
        _viewers.Remove(viewer);
        if (_leaving.Remove(viewer, out LoopTimer? limit))
            limit.Cancel();
        viewer.Close();
    }

    /// <summary>Lets the program wait, as it would on a slow terminal, while a client that reads catches up.</summary>
    private void PauseIfSomebodyIsBehind()
    {
        _paused = _viewers.Exists(static viewer => viewer.Behind > MostBehind);
        if (_paused)
        {
            foreach (Viewer viewer in _viewers)
                viewer.BehindAtPause = viewer.Behind;
            _patience = Lane.Loop.Schedule(Patience, this, purpose: 0);
        }

        UpdateInterest();
    }

    /// <summary>Whoever was waited for and has not read is dropped; then the program goes on, unless somebody who reads is still far behind.</summary>
    void ITimerTarget.OnTimer(int purpose)
    {
        foreach (Viewer viewer in _viewers.FindAll(static viewer => viewer.Behind > MostBehind && viewer.BehindAtPause - viewer.Behind < LeastTaken))
        {
            _router.Log.SharedTerminal($"a client that does not read was dropped, {viewer.Behind} bytes behind");
            OnViewerGone(viewer);
        }

        PauseIfSomebodyIsBehind();
    }

    /// <summary>Ends every connection once its client has taken what was sent.</summary>
    private void DismissViewers()
    {
        foreach (Viewer viewer in _viewers)
        {
            viewer.StopInput(); // what it types now is not for the next program
            if (viewer.Behind > 0)
                _leaving.Add(viewer, Lane.Loop.Schedule(_options.LeaveLimit, new Leave(this, viewer), purpose: 0));
            else
                viewer.Close();
        }

        _viewers.Clear();
    }

    /// <summary>The time is over in which a client may take the last output.</summary>
    private sealed class Leave(SharedTerminal terminal, Viewer viewer) : ITimerTarget
    {
        public void OnTimer(int purpose)
        {
            terminal._router.Log.SharedTerminal($"a client that does not read was cut off, {viewer.Behind} bytes behind");
            terminal.OnViewerGone(viewer);
        }
    }
}
