using System.Diagnostics;
using System.Text;
using Forkpty.Interop;

namespace Forkpty.Client;

/// <summary>
/// Joins this process's terminal to a program that runs on a terminal held here, without a router between: one thread, one poll(2). Bounded both ways, as <see cref="Relay"/>.
/// </summary>
internal sealed class TerminalRelay : IDisposable
{
    private const int Stdin = 0;
    private const int Stdout = 1;
    private const int TypedSize = 4096;
    private const int OutputSize = 16 * 1024;

    // As for a router's session: output of others may come after the program's end, but nobody waits for it long.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>More than a terminal holds (64 KiB, and 4 in its line discipline): what comes beyond that after the program's end is of others, who go on.</summary>
    private const int MostAfterEnd = 128 * 1024;

    private readonly Pty _pty;
    private readonly Leader _leader;
    private LeaderPoll _end;
    private readonly LocalTerminal _terminal = new(Stdin);
    private readonly PendingOutput _output = new(Stdout, OutputSize);
    private readonly SignalWatch _signals;
    private readonly RemoteModes _modes = new();
    private readonly Keyboard _keyboard;
    private readonly EscapeKey _escape;
    private readonly EndOfInput _endOfInput = new();
    private readonly TypedInput _input = new();
    private readonly byte[] _typed = new byte[TypedSize];
    private readonly Libc.pollfd[] _polled = new Libc.pollfd[5];
    private WindowSize? _size;
    private ExitStatus? _status;
    private long _ended;
    private long _lastOutput;
    private int _readSinceEnd;
    private bool _hungUp;
    private ClientOutcome? _outcome;

    /// <summary>The terminal and the program are this relay's from now on; the watch stays its maker's.</summary>
    public TerminalRelay(Pty pty, Leader leader, EscapeKey escape, SignalWatch signals)
    {
        (_pty, _leader, _end, _escape, _signals) = (pty, leader, new LeaderPoll(leader), escape, signals);
        _keyboard = new Keyboard(escape, _terminal.IsTerminal, _modes);
        _size = LocalTerminal.Size();
    }

    private enum Source
    {
        Stdin,
        Terminal,
        Stdout,
        Signals,
        Leader,
    }

    private bool IsShowing => !_output.IsEmpty;

    /// <summary>Carries bytes until the program has ended and all of its output is shown, the person disconnects, or a signal asks for the end. The terminal is given back.</summary>
    /// <returns>How it ended: the exit status of the program, or 128 and a signal's number.</returns>
    public ClientOutcome Run()
    {
        try
        {
            _terminal.EnterRaw();
            Resize(); // it may have changed since the program was started
            while (_outcome is null)
                Turn();
            GiveBack();
            if (ReferenceEquals(_outcome, ClientOutcome.Normal)) _output.Local.EndLine();
            return _outcome;
        }
        catch // not finally: where nobody catches an exception, finally does not run
        {
            GiveBack();
            throw;
        }
    }

    public void Dispose()
    {
        _pty.Dispose(); // the kernel sends SIGHUP to whom it is left with
        _leader.Dispose();
        _output.Dispose();
    }

    private void Turn()
    {
        bool reads = !_endOfInput.HasBegun && _status is null && _input.HasRoom(TypedSize + Keyboard.MostHeld);
        bool writes = !_input.Unsent.IsEmpty && !_hungUp;
        Watch(Source.Stdin, reads ? Stdin : -1, Libc.POLLIN);
        Watch(Source.Terminal, _hungUp || (IsShowing && !writes) ? -1 : _pty.Master.Value, (short)((IsShowing ? 0 : Libc.POLLIN) | (writes ? Libc.POLLOUT : 0)));
        Watch(Source.Stdout, IsShowing ? _output.Local.Descriptor : -1, Libc.POLLOUT);
        Watch(Source.Signals, _signals.Descriptor, Libc.POLLIN);
        Watch(Source.Leader, _status is null ? _end.Descriptor : -1, Libc.POLLIN);
        KernelException.Check(Libc.poll(_polled, Timeout(reads)), "poll", "the terminals");
        if (_status is not null && IsShowing) _ended = _lastOutput = Stopwatch.GetTimestamp(); // a terminal that stands still loses nothing

        if (IsReady(Source.Signals)) TakeSignals();
        if (IsReady(Source.Stdin))
            ReadInput();
        else if (reads && _keyboard.SilenceIn == 0)
            TakeSilence();
        if (IsReady(Source.Stdout)) Show();
        if (IsReady(Source.Terminal)) ReadTerminal();
        if (_endOfInput.HasBegun) SayEndOfInput();
        WriteTerminal();
        if (IsReady(Source.Leader) || (_status is null && _end.IsDue)) Reap();
        if (_status is { } status && !IsShowing && (_hungUp || Stopwatch.GetElapsedTime(_lastOutput) >= Quiet || Stopwatch.GetElapsedTime(_ended) >= Longest))
            _outcome ??= new ClientOutcome(status.ShellCode, null);
    }

    private int Timeout(bool reads)
    {
        int timeout = reads ? _keyboard.SilenceIn : -1;
        if (_status is null) timeout = Sooner(timeout, _end.DueIn);
        if (_endOfInput.HasBegun && _status is null) timeout = Sooner(timeout, _endOfInput.DueIn);
        if (_status is not null && !IsShowing) timeout = Sooner(timeout, Math.Max(0, (int)Math.Ceiling((Quiet - Stopwatch.GetElapsedTime(_lastOutput)).TotalMilliseconds)));
        return timeout;
    }

    private void ReadInput()
    {
        nint count = Libc.read(Stdin, _typed);
        if (count == -(nint)Errno.EAGAIN) return;
        if (count <= 0)
        {
            if (_terminal.IsRaw)
                _outcome = ClientOutcome.Signalled(Libc.SIGHUP); // our own terminal is gone
            else
                _endOfInput.Begin();
            return;
        }

        _input.Append(_keyboard.Take(_typed.AsSpan(0, (int)count), _input.Free));
    }

    private void WriteTerminal()
    {
        while (!_hungUp && !_input.Unsent.IsEmpty)
        {
            nint count = Libc.write(_pty.Master.Value, _input.Unsent);
            if (count <= 0) return;
            _input.Sent((int)count);
            _input.Acknowledge(_input.SentTotal);
        }
    }

    private void ReadTerminal()
    {
        // Several times: a master gives 4,096 bytes at most, and each turn costs a poll.
        while (!IsShowing && !_hungUp && _output.Read(_pty.Master))
        {
            if (_output.HasEnded)
            {
                OnHungUp();
                return;
            }

            _lastOutput = Stopwatch.GetTimestamp();
            _modes.Follow(_output.Bytes);
            if (_status is not null && (_readSinceEnd += _output.Bytes.Length) >= MostAfterEnd)
                OnHungUp();
            Show();
        }
    }

    /// <summary>Nobody has the terminal open any more. The program may go on without one; who attached has no way to it then.</summary>
    private void OnHungUp()
    {
        _hungUp = true;
        _input.Clear();
    }

    private void Show() => _outcome = _output.Write() ?? _outcome;

    private void Reap()
    {
        if (_end.TryReap() is not { } status) return;
        _status = status;
        _ended = _lastOutput = Stopwatch.GetTimestamp();
        _input.Clear();
        ReadTerminal();
    }

    private void SayEndOfInput()
    {
        if (!_endOfInput.IsDue || !_input.Unsent.IsEmpty || _status is not null) return;
        if (_pty.EndOfFileCharacter is { } character && _input.HasRoom(1))
        {
            _input.Free[0] = character;
            _input.Append(1);
        }

        _endOfInput.Said();
    }

    private void TakeSignals()
    {
        SignalWatch.Signals arrived = _signals.Take();
        if (arrived.Ending is > 0 and int signal)
        {
            _outcome = ClientOutcome.Signalled(signal);
            return;
        }

        Resize();
        if (arrived.Has(Libc.SIGCONT)) _terminal.EnterRawAgain();
    }

    private void TakeSilence()
    {
        EscapeAction action = _keyboard.TakeSilence(_input.Free, out int written);
        _input.Append(written);
        switch (action)
        {
            case EscapeAction.Disconnect:
                _outcome = ClientOutcome.Normal;
                break;
            case EscapeAction.Help:
                _ = _output.Local.Write(Encoding.UTF8.GetBytes($"\r\nAfter Enter, {_escape} and\r\n  .   hang the program up\r\n  ^Z  suspend fpty\r\n  ?   this help\r\n  {_escape,-2}  send {_escape}\r\nA key counts where no other one follows it within half a second.\r\n"));
                break;
            case EscapeAction.Suspend:
                Suspend();
                break;
        }
    }

    private void Suspend()
    {
        _terminal.Suspend(_signals);
        Resize();
    }

    private void Resize()
    {
        if (LocalTerminal.Size() is not { } size || size == _size) return;
        _size = size;
        if (!_hungUp) _pty.Resize(size);
    }

    private void GiveBack()
    {
        string reset = _modes.Reset();
        if (reset.Length > 0 && _output.Local.IsTerminal) _output.Local.WriteAll(Encoding.ASCII.GetBytes(reset), LocalOutput.Patience);
        _terminal.Restore();
    }

    private void Watch(Source source, int fd, short events) => _polled[(int)source] = new() { fd = fd, events = events };

    private bool IsReady(Source source) => _polled[(int)source] is { fd: >= 0, revents: not 0 };

    private static int Sooner(int one, int other) => one < 0 ? other : other < 0 ? one : Math.Min(one, other);
}
