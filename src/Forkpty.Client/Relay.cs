using System.Diagnostics;
using Forkpty.Interop;

namespace Forkpty.Client;

/// <summary>
/// The loop: one thread, one poll(2), which waits for stdin, the socket, stdout and signals, each only while something can be done
/// about it. Bounded both ways: what the other side does not take is not read on this one.
/// </summary>
internal sealed class Relay
{
    private const int Stdin = 0;

    // What is read from stdin at once. More than a packet for uWSGI holds only fills the queue faster.
    private const int TypedSize = 4096;

    private const int LongestKey = 16; // bytes: a function key, a character of several code points; more is a paste

    private static readonly TimeSpan EchoTime = TimeSpan.FromMicroseconds(100);

    // With one processor, staying awake would only keep the router from its work.
    private static readonly bool CanStayAwake = Environment.ProcessorCount > 1;

    private readonly TerminalClientOptions _options;
    private readonly LocalTerminal _terminal;
    private readonly LocalOutput _output;
    private readonly SignalWatch _signals;
    private readonly Notices _notices;
    private readonly Outgoing _outgoing;
    private readonly Incoming _incoming;
    private readonly EscapeFilter _escape;
    private readonly EndOfInput _endOfInput = new();
    private readonly byte[] _typed = new byte[TypedSize];
    private readonly Libc.pollfd[] _polled = new Libc.pollfd[4];
    private readonly RouterConnection _connection;
    private readonly int _socket;
    private bool _expectsEcho;
    private ClientOutcome? _outcome;

    public Relay(
        TerminalClientOptions options, RouterConnection connection, LocalTerminal terminal, LocalOutput output, SignalWatch signals, Notices notices)
    {
        _options = options;
        _terminal = terminal;
        _output = output;
        _signals = signals;
        _notices = notices;
        _connection = connection;
        _socket = connection.Descriptor;
        _outgoing = new Outgoing(connection, options.Mode);
        _incoming = new Incoming(connection, output);
        _escape = new EscapeFilter(terminal.IsTerminal ? options.Escape : EscapeKey.None);
    }

    public RemoteModes Modes => _incoming.Modes;

    /// <summary>Carries bytes until the connection ends, the person disconnects, or a signal asks for the end.</summary>
    public ClientOutcome Run()
    {
        AnnounceWindow();
        while (_outcome is null)
        {
            _outgoing.Send();
            if (_expectsEcho) WaitForEcho();
            Wait();
            if (IsReady(Source.Signals)) TakeSignals();
            if (IsReady(Source.Stdin)) ReadInput();
            if (IsReady(Source.Socket)) ReadSocket();
            if (IsReady(Source.Stdout)) _incoming.Write();
            if (_endOfInput.HasBegun) SayEndOfInput();
            if (_incoming is { OutputError: not 0 } or { HasEnded: true, IsPending: false }) _outcome ??= OutcomeOfConnection();
        }

        return _outcome;
    }

    private enum Source
    {
        Stdin,
        Socket,
        Stdout,
        Signals,
    }

    private void Wait()
    {
        // A descriptor of -1 is left out. One without interest must be: poll reports a hang-up always, and would return at once.
        // A keyboard is read even where nobody takes the keys: the escape has to work.
        bool readsInput = !_endOfInput.HasBegun && (_terminal.IsTerminal || !_outgoing.IsBroken) && _outgoing.HasRoom(TypedSize + 1);
        bool readsSocket = !_incoming.IsPending && !_incoming.HasEnded;
        Watch(Source.Stdin, readsInput ? Stdin : -1, Libc.POLLIN);
        Watch(Source.Socket, readsSocket || _outgoing.IsRefused ? _socket : -1,
            (short)((readsSocket ? Libc.POLLIN : 0) | (_outgoing.IsRefused ? Libc.POLLOUT : 0)));
        Watch(Source.Stdout, _incoming.IsPending ? _output.Descriptor : -1, Libc.POLLOUT);
        Watch(Source.Signals, _signals.Descriptor, Libc.POLLIN);

        int timeout = Sooner(_outgoing.RetryAfter, _outgoing.IsEmpty && !_outgoing.IsBroken ? _endOfInput.DueIn : -1);
        KernelException.Check(Libc.poll(_polled, timeout), "poll", "the terminal and the router");
    }

    /// <summary>
    /// Stays awake for the answer to a keystroke: the echo of a router on this machine takes some 50 us, and falling asleep and being
    /// woken is a good part of what a client adds to that. At most 100 us of work per keystroke.
    /// </summary>
    private void WaitForEcho()
    {
        _expectsEcho = false;
        if (_incoming.IsPending || _incoming.HasEnded) return;
        long start = Stopwatch.GetTimestamp();
        while (!_incoming.Receive())
        {
            if (Stopwatch.GetElapsedTime(start) > EchoTime) return;
        }
    }

    private void ReadInput()
    {
        nint count = Libc.read(Stdin, _typed);
        if (count == -(nint)Errno.EAGAIN) return; // shared with a process that made it non-blocking, or that was faster
        if (count <= 0)
        {
            if (_terminal.IsTerminal)
                _outcome = ClientOutcome.Signalled(Libc.SIGHUP); // the terminal is gone
            else
                _endOfInput.Begin();
            return;
        }

        ReadOnlySpan<byte> typed = _typed.AsSpan(0, (int)count);
        while (!typed.IsEmpty && _outcome is null)
        {
            EscapeAction action = _escape.Filter(typed, _outgoing.Free, out int read, out int written);
            _outgoing.Append(written);
            typed = typed[read..];
            if (action != EscapeAction.None) Obey(action);
        }

        _outgoing.Send();
        _expectsEcho = CanStayAwake && _terminal.IsTerminal && count <= LongestKey;
    }

    private void ReadSocket()
    {
        if (!_incoming.IsPending && !_incoming.HasEnded) _incoming.Receive();
    }

    private void SayEndOfInput()
    {
        if (_outgoing.IsBroken || !_outgoing.IsEmpty || !_endOfInput.IsDue) return;
        _outgoing.Free[0] = EndOfInput.Character;
        _outgoing.Append(1);
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

        if (arrived.Has(Libc.SIGCONT)) _terminal.EnterRawAgain();
        AnnounceWindow(); // SIGWINCH, or the window of after a stop
    }

    private void Obey(EscapeAction action)
    {
        switch (action)
        {
            case EscapeAction.Disconnect:
                _outcome = ClientOutcome.Normal;
                break;
            case EscapeAction.Help:
                _notices.Help();
                break;
            case EscapeAction.Suspend:
                Suspend();
                break;
        }
    }

    private void Suspend()
    {
        _terminal.Restore();
        _ = Libc.kill(0, Libc.SIGTSTP);

        // The signal may be taken by another thread, so the stop can come a moment later: not raw again before it. Where nobody can
        // be stopped (no shell that could continue us) the wait ends by itself.
        Libc.pollfd continued = new() { fd = _signals.Descriptor, events = Libc.POLLIN };
        _ = Libc.poll(new Span<Libc.pollfd>(ref continued), 200);
        _terminal.EnterRaw();
        AnnounceWindow();
    }

    private void AnnounceWindow()
    {
        if (LocalTerminal.Size() is { } size) _outgoing.Announce(size);
    }

    private ClientOutcome OutcomeOfConnection()
    {
        if (_incoming.OutputError == Errno.EPIPE) return ClientOutcome.Signalled(Libc.SIGPIPE); // as any program in a pipe
        if (_incoming.OutputError != 0)
            return new ClientOutcome(ClientOutcome.Lost, $"cannot write to stdout: {KernelException.Describe((int)_incoming.OutputError)}");

        if (_connection.HasRouterEnded)
        {
            return new ClientOutcome(
                ClientOutcome.Lost, $"the router at {_options.Address} has ended, and this session with it; see its log, and connect again when it runs");
        }

        // A router that ends a session while one of our EOF characters lies unread resets the connection. That is a normal end.
        if (_incoming.Error == 0 || _endOfInput.HasBegun) return ClientOutcome.Normal;
        return new ClientOutcome(
            ClientOutcome.Lost,
            $"lost the connection to {_options.Address}: the router went away, or ended the session with input unread; "
            + $"see its log, then connect again (read: {KernelException.Describe((int)_incoming.Error)})");
    }

    private void Watch(Source source, int fd, short events) => _polled[(int)source] = new() { fd = fd, events = events };

    private bool IsReady(Source source) => _polled[(int)source] is { fd: >= 0, revents: not 0 };

    private static int Sooner(int one, int other) => one < 0 ? other : other < 0 ? one : Math.Min(one, other);
}
