using Forkpty.Interop;

namespace Forkpty.Sessions;

/// <content>From the client to the program: input, window sizes, signals, the end of input.</content>
internal sealed partial class Session
{
    /// <summary>Milliseconds that a window's second half, rows or columns, may come after the first, before the first is applied alone.</summary>
    private const int WindowHalfWait = 10;

    /// <summary>Milliseconds without output after which a TCP client that has ended its input counts as gone: its close looks the same.</summary>
    private const int UnseenLimit = 30_000;

    private InputQueue _input;
    private WindowSize _size;
    private bool _rowsCame;
    private bool _columnsCame;
    private EndOfFile _endOfFile;

    /// <summary>Whether the client's socket should be read.</summary>
    public bool WantsInput => _input.Room > 0 && _state is SessionState.Waiting or SessionState.Running or SessionState.Draining;

    /// <summary>How many bytes may be read from the client.</summary>
    public int InputRoom => _input.Room;

    public bool MayUpgrade => _state == SessionState.Waiting;

    /// <summary>Passes input on to the terminal.</summary>
    public void Input(ReadOnlySpan<byte> bytes)
    {
        ApplyHalfSize();
        LastTraffic = Lane.Loop.Now;
        _input.Write(_terminal, bytes, Lane.Loop.Buffers);
        if (_input.IsEmpty) return;
        UpdateMaster();
        _viewer.UpdateInterest();
    }

    public void SetRows(ushort rows)
    {
        _size = _size with { Rows = rows };
        _rowsCame = true;
        if (_columnsCame)
            ApplySize();
    }

    public void SetColumns(ushort columns)
    {
        _size = _size with { Columns = columns };
        _columnsCame = true;
        if (_rowsCame)
            ApplySize();
    }

    /// <summary>Sends a signal at once: it passes input that waits, so that a program that does not read can be interrupted.</summary>
    public void Signal(int number)
    {
        ApplyHalfSize();
        if (_program?.Leader is not { } leader || _terminal is null) return;
        if (!_settings.TrySignal(leader, _terminal, number))
            Lane.Counters.UnknownPackets++;
    }

    /// <summary>All packets of one read have been taken.</summary>
    public void EndOfPackets()
    {
        if (_state == SessionState.Waiting)
        {
            if (!_input.IsEmpty || (_rowsCame && _columnsCame))
                Start();
        }
        else if (_rowsCame || _columnsCame)
        {
            SetTimer(Purpose.WindowHalf, WindowHalfWait);
        }
    }

    /// <summary>The client sends no more: the program reads an end of file, once it has read what came before.</summary>
    public void OnInputEnded(Viewer viewer)
    {
        if (_state == SessionState.Waiting)
            Start();
        if (_state is not (SessionState.Running or SessionState.Draining)) return;
        if (viewer.MayBeGoneUnseen)
            SetTimer(Purpose.Unseen, UnseenLimit);
        if (_input.IsEmpty)
            RepeatEndOfFile();
    }

    private void FlushInput()
    {
        _input.Flush(_terminal!, Lane.Loop.Buffers);
        UpdateMaster();
        _viewer.UpdateInterest();
        if (_input.IsEmpty && _viewer.InputEnded)
            RepeatEndOfFile();
    }

    private void RepeatEndOfFile()
    {
        if (_terminal is not null)
            SetTimer(Purpose.EndOfFile, _endOfFile.Say(_terminal));
    }

    /// <summary>Something else follows a half of a window size, so its other half is not to come.</summary>
    private void ApplyHalfSize()
    {
        if (_rowsCame || _columnsCame)
            ApplySize();
    }

    /// <summary>Gives the terminal its size; before there is one, the program is going to start with it.</summary>
    private void ApplySize()
    {
        if (_terminal is null) return;
        _rowsCame = _columnsCame = false;
        CancelTimer(Purpose.WindowHalf);
        _ = Libc.ioctl_TIOCSWINSZ(_terminal.Master.Value, _size.ToNative());
    }

    private void WatchIdle()
    {
        if (_settings.TimeoutMilliseconds is { } timeout)
            SetTimer(Purpose.Idle, Math.Min(timeout, MostIdleWait));
    }

    private void OnIdle()
    {
        long rest = LastTraffic + _settings.TimeoutMilliseconds!.Value - Lane.Loop.Now;
        if (rest > 0)
        {
            SetTimer(Purpose.Idle, (int)Math.Min(rest, MostIdleWait));
            return;
        }

        _router.Log.SessionTimedOut(LogName);
        HangUp();
    }

    private void OnUnseen()
    {
        long rest = LastTraffic + UnseenLimit - Lane.Loop.Now;
        if (rest > 0)
            SetTimer(Purpose.Unseen, (int)rest);
        else
            HangUp();
    }
}
