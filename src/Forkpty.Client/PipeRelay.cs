using System.Diagnostics;
using Forkpty.Interop;

namespace Forkpty.Client;

/// <summary>
/// Joins standard input, output and error of this process to a program that runs on pipes held here: one thread, one poll(2), and no byte changed. The pipes between keep what is ours,
/// a file of the host or a terminal, out of the program's reach.
/// </summary>
internal sealed class PipeRelay : IDisposable
{
    private const int Stdin = 0;
    private const int Stdout = 1;
    private const int Stderr = 2;
    private const int PieceSize = 64 * 1024;

    // Processes that the program has left behind may hold the pipes for ever.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    private readonly PipedProgram _program;
    private LeaderPoll _end;
    private readonly SignalWatch _signals;
    private readonly PassedSignals _passed = new();
    private readonly PendingOutput _output = new(Stdout, PieceSize);
    private readonly PendingOutput _errors = new(Stderr, PieceSize);
    private readonly byte[] _input = new byte[PieceSize];
    private readonly Libc.pollfd[] _polled = new Libc.pollfd[8];
    private int _inputFrom;
    private int _inputTo;
    private bool _inputEnded;
    private ExitStatus? _status;
    private long _last;
    private ClientOutcome? _outcome;

    /// <summary>The program is this relay's from now on; the watch stays its maker's.</summary>
    public PipeRelay(PipedProgram program, SignalWatch signals) => (_program, _end, _signals) = (program, new LeaderPoll(program.Leader), signals);

    private enum Source
    {
        Stdin,
        Input,
        Output,
        Stdout,
        Errors,
        Stderr,
        Signals,
        Leader,
    }

    private bool HasInput => _inputTo > _inputFrom;

    /// <summary>Carries bytes until the program has ended and all that it has written was taken. A signal is passed on to the program; the same one again ends this client.</summary>
    /// <returns>How it ended: the exit status of the program, or 128 and a signal's number.</returns>
    public ClientOutcome Run()
    {
        while (_outcome is null)
            Turn();
        return _outcome;
    }

    public void Dispose()
    {
        if (_status is null) Signal(Libc.SIGHUP); // as the end of a terminal
        _program.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }

    private void Turn()
    {
        // A descriptor of -1 is left out; poll would report a hang-up of one without interest always.
        Watch(Source.Stdin, _inputEnded || HasInput ? -1 : Stdin, Libc.POLLIN);
        Watch(Source.Input, HasInput ? _program.Input.Value : -1, Libc.POLLOUT);
        Watch(Source.Output, Wants(_output) ? _program.Output.Value : -1, Libc.POLLIN);
        Watch(Source.Stdout, _output.IsEmpty ? -1 : _output.Local.Descriptor, Libc.POLLOUT);
        Watch(Source.Errors, Wants(_errors) ? _program.Errors.Value : -1, Libc.POLLIN);
        Watch(Source.Stderr, _errors.IsEmpty ? -1 : _errors.Local.Descriptor, Libc.POLLOUT);
        Watch(Source.Signals, _signals.Descriptor, Libc.POLLIN);
        Watch(Source.Leader, _status is null ? _end.Descriptor : -1, Libc.POLLIN);
        KernelException.Check(Libc.poll(_polled, Timeout()), "poll", "the pipes");
        if (_status is not null && IsWriting) _last = Stopwatch.GetTimestamp(); // who reads slowly loses nothing

        if (IsReady(Source.Signals)) PassOn(_signals.Take());
        if (IsReady(Source.Stdin)) ReadInput();
        if (HasInput) WriteInput();
        if (IsReady(Source.Output)) Read(_output, _program.Output);
        if (IsReady(Source.Errors)) Read(_errors, _program.Errors);
        _outcome ??= _output.Write() ?? _errors.Write();
        if (IsReady(Source.Leader) || (_status is null && _end.IsDue)) Reap();
        bool isDrained = _output.HasEnded && _errors.HasEnded;
        if (_status is { } status && !IsWriting && (isDrained || Stopwatch.GetElapsedTime(_last) >= Quiet))
            _outcome ??= new ClientOutcome(status.ShellCode, null);
    }

    private bool IsWriting => !_output.IsEmpty || !_errors.IsEmpty;

    private static bool Wants(PendingOutput way) => way is { IsEmpty: true, HasEnded: false };

    private int Timeout() => _status is null ? _end.DueIn : IsWriting ? -1 : Math.Max(0, (int)Math.Ceiling((Quiet - Stopwatch.GetElapsedTime(_last)).TotalMilliseconds));

    private void ReadInput()
    {
        nint count = Libc.read(Stdin, _input);
        if (count == -(nint)Errno.EAGAIN) return;
        (_inputFrom, _inputTo) = (0, (int)Math.Max(count, 0));
        if (count <= 0) EndInput();
    }

    private void WriteInput()
    {
        nint count = Libc.write(_program.Input.Value, _input.AsSpan(_inputFrom.._inputTo));
        if (count >= 0)
            _inputFrom += (int)count;
        else if (count != -(nint)Errno.EAGAIN)
            EndInput(); // nobody reads it any more
    }

    private void EndInput()
    {
        _inputEnded = true;
        _inputFrom = _inputTo = 0;
        _program.Input.Dispose();
    }

    private void Read(PendingOutput way, SafeFd from)
    {
        if (way.Read(from) && _status is not null)
            _last = Stopwatch.GetTimestamp();
    }

    private void Reap()
    {
        _status = _end.TryReap();
        _last = Stopwatch.GetTimestamp();
    }

    private void PassOn(SignalWatch.Signals arrived)
    {
        if (arrived.Ending > 0 && (_status is not null || !_passed.TryTake(arrived)))
        {
            _outcome = ClientOutcome.Signalled(arrived.Ending);
            return;
        }

        foreach (int signal in PassedSignals.All)
        {
            if (arrived.Has(signal)) Signal(signal);
        }
    }

    /// <summary>To the program with what it has started, as Ctrl-C on a terminal: it leads a group of its own, whose number is its own while it is not reaped.</summary>
    private void Signal(int number) => _ = Libc.kill(-_program.Leader.Pid, number);

    private void Watch(Source source, int fd, short events) => _polled[(int)source] = new() { fd = fd, events = events };

    private bool IsReady(Source source) => _polled[(int)source] is { fd: >= 0, revents: not 0 };
}
