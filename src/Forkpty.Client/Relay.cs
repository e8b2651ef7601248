using System.Diagnostics;
using Forkpty.Interop;
using Forkpty.Protocol;

namespace Forkpty.Client;

/// <summary>
/// The loop: one thread, one poll(2), which waits for stdin, the socket, stdout and signals, each only while something can be done
/// about it. Bounded both ways: what the other side does not take is not read on this one.
/// </summary>
internal sealed partial class Relay : IDisposable
{
    private const int Stdin = 0;
    private const int Stderr = 2;

    // What is read from stdin at once. More than a packet for uWSGI holds only fills the queue faster.
    private const int TypedSize = 4096;

    private const int LongestKey = 16; // bytes: a function key, a character of several code points; more is a paste
    private const byte ControlC = 0x03;

    private static readonly TimeSpan EchoTime = TimeSpan.FromMicroseconds(100);

    // With one processor, staying awake would only keep the router from its work.
    private static readonly bool CanStayAwake = Environment.ProcessorCount > 1;

    private readonly TerminalClientOptions _options;
    private readonly LocalTerminal _terminal;
    private readonly LocalOutput _output;
    private readonly LocalOutput _error;
    private readonly SignalWatch _signals;
    private readonly Notices _notices;
    private readonly Outgoing _outgoing;
    private readonly Incoming _incoming;
    private readonly Attachment _attachment;
    private readonly Keyboard _keyboard;
    private readonly Incoming.PacketTaker _taker;
    private readonly EndOfInput _endOfInput = new();
    private readonly PassedSignals _passedSignals = new();
    private readonly byte[] _typed = new byte[TypedSize];
    private readonly Libc.pollfd[] _polled = new Libc.pollfd[4];
    private RouterConnection _connection;
    private bool _expectsEcho;
    private ClientOutcome? _outcome;

    public Relay(
        TerminalClientOptions options, RouterConnection connection, Outgoing outgoing, LocalTerminal terminal, LocalOutput output, SignalWatch signals, Notices notices)
    {
        _options = options;
        _terminal = terminal;
        _output = output;
        _error = new LocalOutput(Stderr);
        _signals = signals;
        _notices = notices;
        _connection = connection;
        _outgoing = outgoing;
        _incoming = new Incoming(connection, options.Mode == WireMode.Raw ? Framing.Plain : Framing.Unknown, output, _error);
        _attachment = new Attachment(options, _outgoing, _incoming, notices, terminal);
        _taker = Take;
        _keyboard = new Keyboard(options.Escape, terminal.IsTerminal, _incoming.Modes);
        if (connection.IsTcp) _heartbeat = new Heartbeat();
    }

    public RemoteModes Modes => _incoming.Modes;

    /// <summary>The session, where there is one.</summary>
    public Opened? Session => _attachment.Session;

    /// <summary>Carries bytes until the connection ends, the person disconnects, or a signal asks for the end.</summary>
    public ClientOutcome Run()
    {
        _attachment.Begin();
        AnnounceWindow(); // it may have changed since the connection began
        while (_outcome is null)
        {
            _outgoing.Send();
            if (_expectsEcho)
                WaitForEcho(); // what has come may be the end, or want an answer
            else
                TakeTurn();
            if (_incoming is { OutputError: not 0 } or { HasEnded: true, IsPending: false }) EndOfConnection();
        }

        return _outcome;
    }

    public void Dispose()
    {
        _connection.Dispose();
        _reconnection?.Dispose();
        _error.Dispose();
    }

    private enum Source
    {
        Stdin,
        Socket,
        Stdout,
        Signals,
    }

    private void TakeTurn()
    {
        Wait();
        if (IsReady(Source.Signals)) TakeSignals();
        if (IsReady(Source.Stdin))
            ReadInput();
        else if (_polled[(int)Source.Stdin].fd >= 0 && _keyboard.SilenceIn == 0)
            TakeSilence();
        if (_reconnection is { IsConnected: false })
            TryReconnect();
        else if (IsReady(Source.Socket))
            ReadSocket();
        if (_incoming.IsPending && _outcome is null) Advance();
        if (_endOfInput.HasBegun) SayEndOfInput();
        KeepTime();
    }

    private void Wait()
    {
        // A descriptor of -1 is left out. One without interest must be: poll reports a hang-up always, and would return at once.
        // A keyboard is read even where nobody takes the keys: the escape has to work.
        int firstWordIn = _attachment.FirstWordIn;
        bool readsInput = firstWordIn == 0 && !_endOfInput.HasBegun && (_terminal.IsTerminal || !_outgoing.IsBroken || _reconnection is not null)
            && _outgoing.Input.HasRoom(TypedSize + Keyboard.MostHeld);
        bool readsSocket = !_incoming.IsPending && !_incoming.HasEnded;
        Watch(Source.Stdin, readsInput ? Stdin : -1, Libc.POLLIN);
        if (_reconnection is { IsConnected: false } reconnection)
            Watch(Source.Socket, _incoming.IsPending ? -1 : reconnection.Descriptor, Libc.POLLOUT);
        else
            Watch(Source.Socket, readsSocket || _outgoing.IsRefused ? _connection.Descriptor : -1, (short)((readsSocket ? Libc.POLLIN : 0) | (_outgoing.IsRefused ? Libc.POLLOUT : 0)));
        Watch(Source.Stdout, _incoming.IsPending ? _incoming.Descriptor : -1, Libc.POLLOUT);
        Watch(Source.Signals, _signals.Descriptor, Libc.POLLIN);

        int timeout = _outgoing.RetryAfter;
        if (firstWordIn > 0) timeout = Sooner(timeout, firstWordIn);
        if (_outgoing.IsEmpty && !_outgoing.IsBroken && _incoming.Framing != Framing.Session) timeout = Sooner(timeout, _endOfInput.DueIn);
        if (readsInput) timeout = Sooner(timeout, _keyboard.SilenceIn);
        timeout = Sooner(timeout, TimeIn());
        KernelException.Check(Libc.poll(_polled, timeout), "poll", "the terminal and the router");
    }

    /// <summary>
    /// Stays awake for the answer to a keystroke: the echo of a router on this machine takes some 50 us, and falling asleep and being
    /// woken is a good part of what a client adds to that. At most 100 us of work per keystroke.
    /// </summary>
    private void WaitForEcho()
    {
        _expectsEcho = false;
        if (_incoming.IsPending || _incoming.HasEnded || _reconnection is not null) return;
        long start = Stopwatch.GetTimestamp();
        while (!_incoming.Receive())
        {
            if (Stopwatch.GetElapsedTime(start) > EchoTime) return;
        }

        Received();
    }

    private void ReadInput()
    {
        nint count = Libc.read(Stdin, _typed);
        if (count == -(nint)Errno.EAGAIN) return; // shared with a process that made it non-blocking, or that was faster
        if (count <= 0)
        {
            if (_terminal.IsRaw)
                _outcome = ClientOutcome.Signalled(Libc.SIGHUP); // the terminal is gone
            else
                EndInput();
            return;
        }

        ReadOnlySpan<byte> typed = _typed.AsSpan(0, (int)count);
        if (_terminal.IsRaw && (_attachment.IsWaiting || _reconnection is not null) && typed.Contains(ControlC))
        {
            GiveUp(ClientOutcome.Signalled(Libc.SIGINT));
            return;
        }

        Append(_keyboard.Take(typed, _outgoing.Input.Free));
        _outgoing.Send();
        _expectsEcho = CanStayAwake && _terminal.IsTerminal && count <= LongestKey;
    }

    private void TakeSilence()
    {
        EscapeAction action = _keyboard.TakeSilence(_outgoing.Input.Free, out int written);
        Append(written);
        if (action != EscapeAction.None) Obey(action);
    }

    /// <summary>What nobody can take any more is thrown away.</summary>
    private void Append(int count) => _outgoing.Input.Append(_outgoing.IsBroken && _reconnection is null && !_attachment.CanResume ? 0 : count);

    private void ReadSocket()
    {
        if (!_incoming.IsPending && !_incoming.HasEnded && _incoming.Receive()) Received();
    }

    /// <summary>A chunk has come, or the end.</summary>
    private void Received()
    {
        _heartbeat?.Heard();
        if (_incoming is { Framing: Framing.Plain, IsRefusal: false } && _outcome is null && !TryOfferAgain()) _outcome = _attachment.Plain();
        if (_outcome is null) Advance();
    }

    private void Advance() => _incoming.Advance(_taker);

    private bool Take(SessionPacket packet)
    {
        bool again = _reconnection is not null;
        _outcome = _attachment.Take(packet);
        if (_attachment.TryGoElsewhere(_outcome?.Refusal) && TryAnew()) _outcome = null;
        if (packet is { IsSession: true, Type: SessionPacketType.Opened }) Opened(again);
        return _outcome is null;
    }

    /// <summary>There is a session, for the first time or again.</summary>
    private void Opened(bool again)
    {
        _keyboard.InSession = true;
        if (_endOfInput.HasBegun) EndInputOfSession();
        if (!again) return;
        _reconnection?.Dispose();
        _reconnection = null;
        Redraw(); // over what was said meanwhile
    }

    private void EndInput()
    {
        _endOfInput.Begin();
        if (Session is not null) EndInputOfSession();
    }

    /// <summary>What this client has started learns that nothing more comes. A session that it came to is others' too, and its shell would end: that one is left; who only looks has said nothing, and looks on.</summary>
    private void EndInputOfSession()
    {
        bool isLeft = _options.Session is { Mode: not OpenMode.New } && Session is { OnDisconnect.IsKept: true };
        if (Session is { IsViewer: false }) _outgoing.EndInput(isLeft ? SessionPacketType.Detach : SessionPacketType.EndOfInput);
    }

    /// <summary>As characters, where nothing else can say it.</summary>
    private void SayEndOfInput()
    {
        if (_incoming.Framing == Framing.Session || _outgoing.IsBroken || _outgoing.IsHeld || !_outgoing.IsEmpty || !_endOfInput.IsDue) return;
        if (!_outgoing.Input.HasRoom(1)) return;
        _outgoing.Input.Free[0] = EndOfInput.Character;
        _outgoing.Input.Append(1);
        _endOfInput.Said();
    }

    private void TakeSignals()
    {
        SignalWatch.Signals arrived = _signals.Take();
        if (arrived.Ending is > 0 and int signal && !TryPassOn(arrived))
        {
            _outcome = ClientOutcome.Signalled(signal);
            return;
        }

        AnnounceWindow(); // SIGWINCH, or the window of after a stop
        if (!arrived.Has(Libc.SIGCONT)) return;
        _terminal.EnterRawAgain();
        Redraw();
    }

    /// <summary>With a terminal they are keys, which the program has got.</summary>
    private bool TryPassOn(SignalWatch.Signals arrived)
    {
        if (_options.Session is not { Terminal: false } || Session is null || _outgoing.IsBroken || !_passedSignals.TryTake(arrived)) return false;
        foreach (int signal in PassedSignals.All)
        {
            if (arrived.Has(signal)) _outgoing.Request(SessionPacketType.Signal, [(byte)signal]);
        }

        return true;
    }

    private void Obey(EscapeAction action)
    {
        switch (action)
        {
            case EscapeAction.Disconnect:
                GiveUp(ClientOutcome.Normal);
                break;
            case EscapeAction.Detach:
                _outgoing.Request(SessionPacketType.Detach);
                break;
            case EscapeAction.Redraw:
                Redraw();
                break;
            case EscapeAction.Report:
                _attachment.Report();
                break;
            case EscapeAction.Help:
                _notices.Help(Session);
                break;
            case EscapeAction.Suspend:
                Suspend();
                break;
        }
    }

    /// <summary>Asks for the screen as it is; not into a file, where it would be rubbish.</summary>
    private void Redraw()
    {
        if (Session is not null && _reconnection is null && _output.IsTerminal) _outgoing.Request(SessionPacketType.Redraw);
    }

    private void Suspend()
    {
        _terminal.Suspend(_signals);
        AnnounceWindow();
        Redraw(); // over what the shell has shown meanwhile
    }

    private void AnnounceWindow()
    {
        if (LocalTerminal.Size() is not { } size || size == _outgoing.Announced) return;
        _outgoing.Announce(size);
        if (Session is { IsViewer: true }) Redraw(); // the session's size stays, and the terminal has moved what it showed
    }

    private void Watch(Source source, int fd, short events) => _polled[(int)source] = new() { fd = fd, events = events };

    private bool IsReady(Source source) => _polled[(int)source] is { fd: >= 0, revents: not 0 };

    private static int Sooner(int one, int other) => one < 0 ? other : other < 0 ? one : Math.Min(one, other);
}
