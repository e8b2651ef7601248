using Forkpty.Protocol;
using Forkpty.Upgrade;

namespace Forkpty.Sessions;

/// <content>From one executable of the router to the next.</content>
internal sealed partial class SharedTerminal
{
    /// <summary>In the order in which <see cref="Read"/> does.</summary>
    public void Save(StateWriter state)
    {
        state.Descriptor(_terminal?.Master);
        state.Flag(_program is not null);
        _program?.Save(state);
        state.Bytes(_input.Bytes);
        state.Number(_viewers.Count);
        foreach (Viewer viewer in _viewers)
            viewer.Save(state);
        state.Number(_leaving.Count);
        foreach (Viewer viewer in _leaving.Keys)
            viewer.Save(state);
    }

    /// <summary>Reads what another executable has left; nothing is done with it before <see cref="Resume"/>.</summary>
    public void Read(StateReader state)
    {
        _terminal = state.Terminal();
        _program = state.Flag() ? new SessionProgram(this, _router, state) : null;
        _input = InputQueue.Of(state.Bytes());
        for (int left = state.Int32(); left > 0; left--)
            _viewers.Add(Viewer.Resume(this, WireMode.Raw, state));
        for (int left = state.Int32(); left > 0; left--)
            _resumed.Add(Viewer.Resume(this, WireMode.Raw, state));
    }

    /// <summary>Viewers that get the rest of what a program has left that has ended.</summary>
    private readonly List<Viewer> _resumed = [];

    /// <summary>Goes on where it stood. On its lane.</summary>
    public void Resume()
    {
        foreach (Viewer viewer in (IEnumerable<Viewer>)[.. _viewers, .. _resumed])
        {
            if (!viewer.TryAttach())
                OnViewerGone(viewer);
            else if (_resumed.Contains(viewer))
                _leaving.Add(viewer, Lane.Loop.Schedule(_options.LeaveLimit, new Leave(this, viewer), purpose: 0));
        }

        _resumed.Clear();
        if (TryGoOn())
        {
            FlushInput();
            PauseIfSomebodyIsBehind();
        }
        else
        {
            ReleaseTerminal();
            if (_viewers.Count > 0)
                Start();
        }
    }

    /// <summary>false: without a terminal, though the program may run on without, or without a program.</summary>
    private bool TryGoOn()
    {
        try
        {
            _program?.Resume();
            if (_program is null || _terminal is null) return false;
            WatchTerminal();
            if (_options.Input is { } input)
                WatchLocalInput(input);
            return true;
        }
        catch (KernelException)
        {
            _program!.Abandon();
            ReleaseProgram();
            return false;
        }
    }
}
