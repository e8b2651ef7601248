using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Sessions;

namespace Forkpty.Named;

/// <content>From the clients to the program: input, window sizes, signals, the end of input.</content>
internal sealed partial class NamedSession
{
    private InputQueue _input;
    private WindowSize _size;
    private Peer? _controlling;
    private Peer? _inputEndedBy;
    private EndOfFile _endOfFile;

    public int InputRoom => State is SessionState.Starting or SessionState.Running or SessionState.Draining ? _input.Room : 0;

    /// <summary>Milliseconds after a question to the terminal in which what looks like an answer is one.</summary>
    private const int AnswerWait = 2_000;

    private long _questions;
    private long _answersUntil;
    private Peer? _answering;

    public void Input(Peer peer, ReadOnlySpan<byte> bytes)
    {
        bool isAnswer = false;
        if (_answering is not null && Lane.Loop.Now <= _answersUntil)
        {
            ReadOnlySpan<byte> typed = TerminalAnswers.Remove(bytes);
            isAnswer = typed.IsEmpty;
            if (peer != _answering)
                bytes = typed;
        }

        if (bytes.IsEmpty) return;
        if (!isAnswer)
            Drive(peer);
        LastTraffic = Lane.Loop.Now;
        _input.Write(_terminal, bytes, Lane.Loop.Buffers);
        if (_input.IsEmpty) return;
        UpdateMaster();
        UpdateInterest();
    }

    public void EndInput(Peer peer)
    {
        _inputEndedBy = peer;
        if (_terminal is not null && _input.IsEmpty)
            RepeatEndOfFile();
    }

    public void Signal(Peer peer, int number)
    {
        if (!peer.IsViewer)
            Signal(number);
    }

    public void Resize(Peer peer)
    {
        if (peer.IsViewer) return;
        if (State == SessionState.Starting)
            _size = peer.Size is { Rows: > 0, Columns: > 0 } ? peer.Size : _size;
        _controlling = peer;
        ApplySize(peer.Size);
    }

    public bool TryRedraw(Peer peer)
    {
        if (_history is null)
            Signal(Libc.SIGWINCH); // a session that is not kept has no viewers
        else if (peer.IsViewer)
            PaintInstead(peer); // of what it has missed
        else if (peer.Cursor < Offset)
            return false; // that is still to come, and would be shown over the newer screen
        else
            Repaint(peer);
        return true;
    }

    protected override void Signal(int number)
    {
        if (Program?.Leader is not { } leader || _terminal is null) return;
        if (!_settings.TrySignal(leader, _terminal, number))
            Lane.Counters.UnknownPackets++;
    }

    /// <summary>Where the program asks its terminal something, every client's terminal answers; the one of the driver that has typed last is heard.</summary>
    private void NoteQuestions()
    {
        if (_history!.Questions == _questions) return;
        _questions = _history.Questions;
        _answersUntil = Lane.Loop.Now + AnswerWait;
        _answering = _controlling;
    }

    /// <summary>The driver that types last has the say over the window's size.</summary>
    private void Drive(Peer peer)
    {
        if (_controlling == peer) return;
        _controlling = peer;
        ApplySize(peer.Size);
    }

    private void ApplySize(WindowSize size)
    {
        if (_terminal is null || size.Rows == 0 || size.Columns == 0) return;
        bool isOther = size != _size;
        _size = size;
        _ = Libc.ioctl_TIOCSWINSZ(_terminal.Master.Value, size.ToNative());
        if (!isOther) return;
        _history?.Resize(size);
        foreach (Peer peer in _peers.ToArray())
        {
            if (peer.State == PeerState.Attached && peer != _controlling)
                TellSize(peer);
        }
    }

    private void TellSize(Peer peer)
    {
        Span<byte> packet = stackalloc byte[SessionPacketWriter.SizeLength];
        SessionPacketWriter.WriteSize(packet, _size.Rows, _size.Columns, _size.PixelWidth, _size.PixelHeight);
        peer.Tell(SessionPacketType.WindowSize, packet[UwsgiHeader.Length..]);
    }

    private void FlushInput()
    {
        if (_terminal is null) return;
        _input.Flush(_terminal, Lane.Loop.Buffers);
        UpdateMaster();
        UpdateInterest();
        if (_input.IsEmpty && _inputEndedBy is not null)
            RepeatEndOfFile();
    }

    private void UpdateInterest()
    {
        foreach (Peer peer in _peers)
            peer.UpdateInterest();
    }

    private void RepeatEndOfFile()
    {
        if (_terminal is not null)
            SetTimer(Purpose.EndOfFile, _endOfFile.Say(_terminal));
    }

    private void WatchIdle()
    {
        if (!OnDisconnect.IsKept && _settings.TimeoutMilliseconds is { } timeout)
            SetTimer(Purpose.Idle, Math.Min(timeout, Session.MostIdleWait));
    }

    private void OnIdle()
    {
        long rest = LastTraffic + _settings.TimeoutMilliseconds!.Value - Lane.Loop.Now;
        if (rest > 0)
        {
            SetTimer(Purpose.Idle, (int)Math.Min(rest, Session.MostIdleWait));
            return;
        }

        Router.Log.SessionTimedOut(LogName);
        End(SessionEnd.HungUp);
    }
}
