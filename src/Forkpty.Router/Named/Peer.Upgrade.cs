using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Upgrade;

namespace Forkpty.Named;

/// <content>From one executable of the router to the next.</content>
internal sealed partial class Peer
{
    private bool _asksForUpgrade;

    /// <summary>The client that another executable has left; it does nothing before <see cref="Resume()"/>.</summary>
    public static Peer Resume(Router router, StateReader state, IReadOnlyList<Attachment> attachments)
    {
        SafeFd socket = state.Descriptor();
        bool isTcp = state.Flag();
        var peer = new Peer(router, socket, isTcp, id: 0, default);
        peer.Resume(state);
        peer.Id = state.Int32();
        peer.Size = state.Size();
        peer.IsViewer = state.Flag();
        peer._state = (PeerState)state.Int32();
        peer.Cursor = state.Number();
        peer._rest = state.Bytes();
        peer._unheard = state.Int32();
        peer._lastPacket = state.Number();
        peer._acknowledged = state.Number();
        peer._packets = SessionPacketReader.At((ulong)state.Number(), state.Bytes());
        peer._asksForUpgrade = state.Flag();
        peer._wantsScreen = state.Flag();
        int known = state.Int32();
        long input = state.Number();
        peer.Attachment = known >= 0 ? attachments[known] : new Attachment(token: null) { Input = input };
        peer.Attachment.Peer = peer;
        return peer;
    }

    /// <summary>In the order in which <see cref="Resume(Router, StateReader, IReadOnlyList{Attachment})"/> reads.</summary>
    public void Save(StateWriter state, int attachment)
    {
        while (_answers?.MoveNext() == true)
            Send(_answers.Current); // the next executable could not make them
        Save(state);
        state.Number(Id);
        state.Size(Size);
        state.Flag(IsViewer);
        state.Number((int)_state);
        state.Number(Cursor);
        state.Bytes(_rest);
        state.Number(_unheard);
        state.Number(_lastPacket);
        state.Number(_acknowledged);
        (ulong position, ReadOnlyMemory<byte> collected) = _packets.Position;
        state.Number((long)position);
        state.Bytes(collected.Span);
        state.Flag(_asksForUpgrade);
        state.Flag(_wantsScreen);
        state.Number(attachment);
        state.Number(Attachment.Input);
    }

    /// <summary>A client that gets what remains of a session comes again for the rest of that.</summary>
    Resident ILaneResident.Kind => _last is null ? Resident.Peer : Resident.None;

    void ILaneResident.Save(StateWriter state) => Save(state, attachment: -1);

    /// <summary>Goes on where the client stood, without a session. On its lane.</summary>
    public void Resume()
    {
        _lane.Sessions.Add(this);
        if (!TryAttach())
        {
            HangUp();
            return;
        }

        switch (_state)
        {
            case PeerState.Greeted:
                _timer = Loop.Schedule(NotOpenLimit, this, purpose: 0);
                break;
            case PeerState.Leaving:
                _timer = Loop.Schedule(FlushLimit, this, purpose: 0);
                break;
            case PeerState.Subscribed:
                Directory.Subscribe(this, isNew: false);
                break;
        }

        if (_asksForUpgrade)
        {
            _asksForUpgrade = false;
            Answer([SessionPacketWriter.Packet(SessionPacketType.Done, [])]);
        }
        else if (_rest.Length > 0)
        {
            OnOwnLane(TakeRest);
        }
    }

    /// <summary>Goes on where the client stood, with a session that does, on its lane.</summary>
    /// <returns>false where the client is lost.</returns>
    public bool Resume(IPeerHost host)
    {
        _host = host;
        if (!TryAttach())
        {
            HangUp();
            return false;
        }

        if (_rest.Length > 0)
            OnOwnLane(TakeRest);
        if (_wantsScreen)
            OnOwnLane(Redraw);
        return true;
    }

    /// <summary>The client wants the router to execute itself anew: that is for the router's own user and root alone.</summary>
    private void AskForUpgrade()
    {
        if (_state != PeerState.Greeted)
            Refuse("already-open", "this connection has a session, or hears events; ask for an upgrade on another one");
        else if (Credentials is not { } peer || (peer.Uid != 0 && peer.Uid != Libc.geteuid()))
            Refuse("not-allowed", "only the router's own user and root may upgrade it, on a UNIX socket");
        else
        {
            CancelTimer();
            _awaitsAnswer = _asksForUpgrade = true;
            _router.AskForUpgrade(this);
        }
    }
}
