using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Reactor;

namespace Forkpty.Sessions;

/// <summary>
/// One client of a session: its socket, what it sent that is not a whole packet yet, and what it has not taken yet.
/// </summary>
internal sealed class Viewer : IEventSource
{
    private const int Socket = 0;

    /// <summary>Unread input that is read away at the end: 256 KiB, more than a socket holds unless its client goes on writing.</summary>
    private const int MostReadsAtClose = 16;

    private readonly IViewerHost _host;
    private readonly SafeFd _socket;
    private readonly bool _isTcp;
    private ByteQueue _output;
    private PacketReader _packets;
    private int _slot = -1;
    private bool _inputEnded;

    public Viewer(IViewerHost host, SafeFd socket, WireMode mode, bool isTcp)
    {
        _host = host;
        _socket = socket;
        Mode = mode;
        _isTcp = isTcp;
    }

    public WireMode Mode { get; }

    /// <summary>Whether nothing tells us when the client is gone while it says nothing: a TCP client that closes looks like one that has ended its input.</summary>
    public bool MayBeGoneUnseen => _isTcp && _inputEnded;

    public bool InputEnded => _inputEnded;

    /// <summary>How many bytes of output the client has not taken.</summary>
    public int Behind => _output.Count;

    /// <summary>How far it was behind when everybody began to wait for it.</summary>
    public int BehindAtPause { get; set; }

    /// <summary>Puts the socket on the session's loop.</summary>
    public void Attach()
    {
        if (_slot < 0)
            _slot = Loop.Add(_socket.Value, WantedEvents, this, Socket, urgent: true);
    }

    /// <summary>As <see cref="Attach"/>; false where the kernel has no watch left.</summary>
    public bool TryAttach()
    {
        try
        {
            Attach();
            return true;
        }
        catch (KernelException)
        {
            return false;
        }
    }

    /// <summary>Reads no more from the client.</summary>
    public void StopInput()
    {
        _inputEnded = true;
        UpdateInterest();
    }

    /// <summary>Takes the socket off the loop: for a move, or before it is closed.</summary>
    public void Detach() => Loop.Remove(ref _slot);

    /// <summary>Says again which events are of interest, after something has changed.</summary>
    public void UpdateInterest()
    {
        if (_slot >= 0)
            Loop.Modify(_slot, WantedEvents);
    }

    /// <summary>Sends output to the client; what it does not take at once waits for it.</summary>
    /// <returns>false where the client is gone.</returns>
    public bool Send(ReadOnlySpan<byte> bytes)
    {
        if (_output.IsEmpty)
        {
            nint sent = Libc.send(_socket.Value, bytes);
            if (sent < 0 && sent != -(nint)Errno.EAGAIN) return false;
            bytes = bytes[(int)Math.Max(sent, 0)..];
        }

        if (!bytes.IsEmpty)
        {
            _output.Append(bytes, Loop.Buffers);
            UpdateInterest();
        }

        return true;
    }

    public void OnEvents(int role, uint events)
    {
        if ((events & Libc.EPOLLOUT) != 0 && !Flush())
        {
            _host.OnViewerGone(this);
            return;
        }

        if (_slot < 0) return; // it has taken everything, and that was all it was waited for
        if ((events & Libc.EPOLLIN) != 0)
            Read(events);
        else if ((events & (Libc.EPOLLHUP | Libc.EPOLLERR)) != 0)
            _host.OnViewerGone(this);
    }

    /// <summary>
    /// Ends the connection so that all that was sent arrives: unread input would make the kernel reset it (a TCP client would then lose what it
    /// has not read yet), so it is read away.
    /// </summary>
    public void Close()
    {
        Detach();
        if (!_socket.IsClosed)
        {
            _ = Libc.shutdown(_socket.Value, Libc.SHUT_WR);
            for (int i = 0; i < MostReadsAtClose && Libc.read(_socket.Value, Loop.Buffers.Scratch) > 0; i++)
            {
            }
        }

        _output.Clear(Loop.Buffers);
        _socket.Dispose();
    }

    private EventLoop Loop => _host.Lane.Loop;

    private uint WantedEvents =>
        (_inputEnded || !_host.WantsInput ? 0 : Libc.EPOLLIN) | (_output.IsEmpty ? 0 : Libc.EPOLLOUT);

    private bool Flush()
    {
        nint sent = Libc.send(_socket.Value, _output.Bytes);
        if (sent < 0) return sent == -(nint)Errno.EAGAIN;
        _output.Consume((int)sent, Loop.Buffers);
        if (_output.IsEmpty)
        {
            UpdateInterest();
            _host.OnViewerCaughtUp(this);
        }

        return true;
    }

    private void Read(uint events)
    {
        if (_inputEnded || !_host.WantsInput) return; // the session has changed its mind within this turn
        nint count = Libc.read(_socket.Value, Loop.Buffers.Scratch.AsSpan(0, _host.InputRoom));
        if (count > 0)
            Take(Loop.Buffers.Scratch.AsSpan(0, (int)count));
        else if (count == 0 && (events & Libc.EPOLLHUP) == 0)
            EndInput();
        else if (count != -(nint)Errno.EAGAIN)
            _host.OnViewerGone(this);
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        _host.Lane.Counters.BytesIn += bytes.Length;
        if (Mode == WireMode.Raw)
            _host.Input(bytes);
        else
            TakePackets(bytes);
    }

    private void TakePackets(ReadOnlySpan<byte> bytes)
    {
        while (_packets.TryRead(ref bytes, out Packet packet))
        {
            switch (packet.Kind)
            {
                case PacketKind.Stdin: _host.Input(packet.Payload); break;
                case PacketKind.Signal: _host.Signal(packet.Value); break;
                case PacketKind.Rows: _host.SetRows(packet.Value); break;
                case PacketKind.Columns: _host.SetColumns(packet.Value); break;
                default: _host.Lane.Counters.UnknownPackets++; break;
            }
        }

        _host.EndOfPackets();
    }

    /// <summary>The client has closed its sending side and may still read: its input has ended, no more.</summary>
    private void EndInput()
    {
        StopInput();
        _host.OnInputEnded(this);
    }
}
