using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Upgrade;

namespace Forkpty.Sessions;

/// <summary>
/// One client in raw or uwsgi mode: what it sends goes to its host, what it sent that is not a whole packet yet is kept here.
/// </summary>
internal sealed class Viewer(IViewerHost host, SafeFd socket, WireMode mode, bool isTcp) : Connection(socket, isTcp)
{
    private PacketReader _packets;
    private bool _inputEnded;
    private bool _hasSpoken;
    private bool _asksForUpgrade;
    private bool _hasBegun;
    private bool _beginsWithOffer;

    public override Lane Lane => host.Lane;

    public WireMode Mode { get; } = mode;

    /// <summary>Whether nothing tells us when the client is gone while it says nothing: a TCP client that closes looks like one that has ended its input.</summary>
    public bool MayBeGoneUnseen => IsTcp && _inputEnded;

    public bool InputEnded => _inputEnded;

    /// <summary>Whether what has come is the begin of an offer of the session protocol.</summary>
    public bool HasBegunOffer => _beginsWithOffer && (!_hasSpoken || _asksForUpgrade);

    /// <summary>How far it was behind when everybody began to wait for it.</summary>
    public int BehindAtPause { get; set; }

    /// <summary>The viewer that another executable has left.</summary>
    public static Viewer Resume(IViewerHost host, WireMode mode, StateReader state)
    {
        var viewer = new Viewer(host, state.Descriptor(), mode, state.Flag());
        viewer.Resume(state);
        viewer._packets = PacketReader.At((ulong)state.Number());
        viewer._inputEnded = state.Flag();
        viewer._hasSpoken = state.Flag();
        viewer._asksForUpgrade = state.Flag();
        viewer._hasBegun = state.Flag();
        viewer._beginsWithOffer = state.Flag();
        return viewer;
    }

    public override void Save(StateWriter state)
    {
        base.Save(state);
        state.Number((long)_packets.Position);
        state.Flag(_inputEnded);
        state.Flag(_hasSpoken);
        state.Flag(_asksForUpgrade);
        state.Flag(_hasBegun);
        state.Flag(_beginsWithOffer);
    }

    /// <summary>Reads no more from the client.</summary>
    public void StopInput()
    {
        _inputEnded = true;
        UpdateInterest();
    }

    protected override bool WantsInput => !_inputEnded && host.WantsInput;

    protected override int InputRoom => host.InputRoom;

    protected override void OnCaughtUp() => host.OnViewerCaughtUp(this);

    protected override void OnGone() => host.OnViewerGone(this);

    /// <summary>The client has closed its sending side and may still read: its input has ended, no more.</summary>
    protected override void OnInputEnded()
    {
        StopInput();
        host.OnInputEnded(this);
    }

    protected override void Take(ReadOnlySpan<byte> bytes)
    {
        if (Mode == WireMode.Raw)
            host.Input(bytes);
        else
            TakePackets(bytes);
    }

    private void TakePackets(ReadOnlySpan<byte> bytes)
    {
        if (!_hasBegun)
            (_hasBegun, _beginsWithOffer) = (true, bytes[0] == SessionPacket.Modifier);
        while (_packets.TryRead(ref bytes, out Packet packet))
        {
            bool isFirst = !_hasSpoken;
            bool mayUpgrade = _asksForUpgrade && host.MayUpgrade;
            _hasSpoken = true;
            _asksForUpgrade = false;
            switch (packet.Kind)
            {
                case PacketKind.Stdin: host.Input(packet.Payload); break;
                case PacketKind.Signal: host.Signal(packet.Value); break;
                case PacketKind.Rows:
                    _asksForUpgrade = isFirst && packet.Modifier1 == SessionPacket.Modifier;
                    host.SetRows(packet.Value);
                    break;
                case PacketKind.Columns:
                    host.SetColumns(packet.Value);
                    if (!mayUpgrade || packet.Modifier1 != SessionPacket.Modifier) break;
                    host.Upgrade(this, bytes);
                    return;
                default: Lane.Counters.UnknownPackets++; break;
            }
        }

        host.EndOfPackets();
    }
}
