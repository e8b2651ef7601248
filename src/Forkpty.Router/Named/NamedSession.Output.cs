using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Reactor;
using Forkpty.Sessions;

namespace Forkpty.Named;

/// <content>From the program to the clients.</content>
internal sealed partial class NamedSession
{
    /// <summary>Bytes that a viewer may be behind before it gets the screen in place of what it has missed.</summary>
    private const int MostBehind = 256 * 1024;

    /// <summary>Milliseconds that a driver which takes nothing may hold up the others.</summary>
    private const int StallLimit = 30_000;

    private FloodMeter _flood;

    public void OnPeerCaughtUp(Peer peer)
    {
        LastTraffic = Lane.Loop.Now;
        Feed(peer);
        UpdateMaster();
    }

    /// <summary>A driver has not got everything yet: the program waits for it, as it would for a slow terminal. For one whose connection has broken it waits a while.</summary>
    public override bool IsHeld
    {
        get
        {
            foreach (Peer peer in _peers)
            {
                if (!peer.IsViewer && (peer.Behind > 0 || peer.Cursor < Offset)) return true;
            }

            return IsHeldByLost;
        }
    }

    private void OnMaster(uint events)
    {
        if ((events & Libc.EPOLLOUT) != 0)
            FlushInput();
        if ((events & (Libc.EPOLLIN | Libc.EPOLLHUP | Libc.EPOLLERR)) != 0 && _masterSlot >= 0)
            ReadTerminal();
    }

    public override void ReadRest()
    {
        ReadTerminal();
        UpdateMaster(); // what waited for a driver that was lost does so no more
    }

    private void ReadTerminal()
    {
        if (_terminal is null) return;
        if (IsHeld)
        {
            UpdateMaster(); // what waits for a driver is a screen or an answer, and no output
            return;
        }

        Span<byte> packet = Lane.Loop.Buffers.Scratch; // the header is written before the output, and the whole sent from here
        int filled = TerminalOutput.Read(_terminal, packet[UwsgiHeader.Length..], out bool hasEnded);
        if (filled > 0)
        {
            Publish(packet[..(UwsgiHeader.Length + filled)]);
            if (_terminal is null || MoveIfFloodHasChanged(filled)) return;
        }

        if (hasEnded)
            OnTerminalEnded();
        else if (IsReadForLost)
            Finish();
    }

    private void Publish(Span<byte> packet)
    {
        int count = packet.Length - UwsgiHeader.Length;
        LastTraffic = Lane.Loop.Now;
        _terminalEnded = false;
        if (_history is not null)
        {
            _history.Append(packet[UwsgiHeader.Length..]);
            NoteQuestions();
        }

        long before = Offset;
        Offset += count;
        SessionPacketWriter.WriteHeader(packet, SessionPacketType.Data, count);
        List<Peer>? lost = null;
        foreach (Peer peer in _peers)
        {
            if (peer.State != PeerState.Attached || peer.Cursor != before || peer.Behind > 0) continue;
            peer.Cursor = Offset;
            Lane.Counters.BytesOut += count;
            if (!peer.Send(packet))
                (lost ??= []).Add(peer);
        }

        foreach (Peer peer in lost ?? [])
            peer.HangUp();
        if (_masterSlot < 0) return;
        RescueViewers();
        UpdateMaster();
    }

    /// <summary>Sends a client what it has not had yet, as far as it takes it.</summary>
    private void Feed(Peer peer)
    {
        if (_history is null || peer.Cursor == Offset) return;
        byte[] buffer = Lane.Loop.Buffers.Rent();
        Span<byte> packet = buffer;
        while (peer.State == PeerState.Attached && peer.Behind == 0 && peer.Cursor < Offset)
        {
            if (!_history.Has(peer.Cursor))
            {
                PaintInstead(peer);
                break;
            }

            int count = _history.Read(peer.Cursor, packet[UwsgiHeader.Length..]);
            SessionPacketWriter.WriteHeader(packet, SessionPacketType.Data, count);
            peer.Cursor += count;
            Lane.Counters.BytesOut += count;
            if (!peer.Send(packet[..(UwsgiHeader.Length + count)]))
                peer.HangUp();
        }

        Lane.Loop.Buffers.Return(buffer);
    }

    /// <summary>Appends all that a client has not had; its queue grows by the history at most.</summary>
    private void SendRest(Peer peer)
    {
        if (peer.IsViewer && peer.Behind > MostBehind) return; // most of a screen is still to come to it
        if (peer.IsViewer && _history is not null && (Offset - peer.Cursor > MostBehind || !_history.Has(peer.Cursor)))
            PaintInstead(peer);
        while (_history is not null && peer.Cursor < Offset && _history.Has(peer.Cursor))
        {
            byte[] piece = new byte[Math.Min(Offset - peer.Cursor, BufferPool.Size)];
            peer.Cursor += _history.Read(peer.Cursor, piece);
            if (!peer.Send(SessionPacketType.Data, piece)) return;
        }
    }

    /// <summary>A viewer that is far behind is not worth the wait: it gets the screen as it is.</summary>
    private void RescueViewers()
    {
        if (_history is null) return;
        foreach (Peer peer in _peers.ToArray())
        {
            if (peer.IsViewer && peer.Behind == 0 && Offset - peer.Cursor > MostBehind)
                PaintInstead(peer);
        }
    }

    private void PaintInstead(Peer peer)
    {
        peer.Cursor = Offset;
        Repaint(peer);
    }

    /// <summary>Paints a terminal that has been painted before. To a viewer its size is told behind it, for there it may not fit.</summary>
    private void Repaint(Peer peer)
    {
        peer.SendScreen(_history!.Paint(withScrollback: false, isNew: false, peer.IsViewer));
        if (peer.IsViewer)
            TellSize(peer);
    }

    private void OnTerminalEnded()
    {
        _terminalEnded = true;
        if (State == SessionState.Draining)
            Finish();
        else
            UpdateMaster();
    }

    // Edge-triggered where its hang-up is known or cannot be handled now: that state lasts, and would wake the loop for ever.
    private uint MasterEvents =>
        (IsHeld ? Libc.EPOLLET : _terminalEnded ? Libc.EPOLLIN | Libc.EPOLLET : Libc.EPOLLIN) | (_input.IsEmpty ? 0 : Libc.EPOLLOUT);

    private void UpdateMaster()
    {
        if (_masterSlot < 0) return;
        Lane.Loop.Modify(_masterSlot, MasterEvents);
        if (IsHeld && _peers.Count > 1 && _timers[(int)Purpose.Stalled] is null)
            WatchStall();
    }

    private void WatchStall()
    {
        foreach (Peer peer in _peers)
            peer.TakenAtStall = peer.Taken;
        SetTimer(Purpose.Stalled, StallLimit);
    }

    /// <summary>Whoever holds the others up and has taken nothing all the while is cut off.</summary>
    private void OnStalled()
    {
        CancelTimer(Purpose.Stalled);
        foreach (Peer peer in _peers.FindAll(static peer => !peer.IsViewer && peer.Behind > 0 && peer.Taken == peer.TakenAtStall))
        {
            if (_peers.Count > 1)
                peer.Refuse("too-slow", $"this client has taken no output for {StallLimit / 1000} seconds while others waited for it");
        }

        if (IsHeld && _peers.Count > 1)
            WatchStall();
    }

    private bool MoveIfFloodHasChanged(int bytes) =>
        _flood.Count(bytes, Lane.Loop.Now, Lane.IsBulk) && MoveIfWanted(Lane.IsBulk ? Router.InteractiveLane : Router.BulkLane());

    private bool MoveIfWanted(Lane? target)
    {
        if (target is null || target == Lane || State != SessionState.Running || _inputEndedBy is not null) return false;
        foreach (Peer peer in _peers)
            peer.Detach();
        MoveTo(target);
        return true;
    }

    protected override void OnArrived()
    {
        _flood.Reset(Lane.Loop.Now);
        foreach (Peer peer in _peers.ToArray())
        {
            if (!peer.TryAttach())
                peer.HangUp();
        }

        WatchIdle();
        UpdateMaster();
        if (_keptUntil > 0)
            WatchKept();
        if (_lostUntil > 0)
            WatchLost();
    }
}
