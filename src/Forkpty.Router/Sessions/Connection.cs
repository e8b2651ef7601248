using Forkpty.Interop;
using Forkpty.Reactor;
using Forkpty.Upgrade;

namespace Forkpty.Sessions;

/// <summary>A client's socket on a loop, and the output that the client has not taken yet.</summary>
internal abstract class Connection(SafeFd socket, bool isTcp) : IEventSource
{
    /// <summary>Milliseconds that a client may take for what was sent to it last, before it is cut off: it must not hold what it belongs to for ever.</summary>
    public const int FlushLimit = 600_000;

    private const int Role = 0;

    /// <summary>Unread input that is read away at the end: 256 KiB, more than a socket holds unless its client goes on writing.</summary>
    private const int MostReadsAtClose = 64;
    private const int ReadAtClose = 4096;

    private ByteQueue _output;
    private int _slot = -1;

    /// <summary>Where this connection lives.</summary>
    public abstract Lane Lane { get; }

    public bool IsTcp { get; } = isTcp;

    /// <summary>How many bytes of output the client has not taken.</summary>
    public int Behind => _output.Count;

    /// <summary>How many bytes it has taken in all that had to wait for it.</summary>
    public long Taken { get; private set; }

    public bool IsClosed => socket.IsClosed;

    /// <summary>Writes what another executable needs to go on with this connection; read by the constructor of whoever it is, then <see cref="Resume"/>.</summary>
    public virtual void Save(StateWriter state)
    {
        state.Descriptor(socket);
        state.Flag(IsTcp);
        state.Bytes(_output.Bytes);
        state.Number(Taken);
    }

    /// <summary>Goes on with what another executable has left, after the socket and its kind.</summary>
    protected void Resume(StateReader state)
    {
        _output = ByteQueue.Of(state.Bytes());
        Taken = state.Number();
    }

    /// <summary>Puts the socket on the loop.</summary>
    /// <exception cref="KernelException">The kernel has no watch left.</exception>
    public void Attach()
    {
        if (_slot < 0)
            _slot = Loop.Add(socket.Value, WantedEvents, this, Role, urgent: true);
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
            nint sent = Libc.send(socket.Value, bytes);
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
            OnGone();
            return;
        }

        if (_slot < 0) return; // it has taken everything, and that was all it was waited for
        if ((events & Libc.EPOLLIN) != 0)
            Read(events);
        else if ((events & (Libc.EPOLLHUP | Libc.EPOLLERR)) != 0)
            OnGone();
    }

    /// <summary>
    /// Ends the connection so that all that was sent arrives: unread input would make the kernel reset it (a TCP client would then lose what it
    /// has not read yet), so it is read away.
    /// </summary>
    public void Close()
    {
        Detach();
        if (!socket.IsClosed)
        {
            _ = Libc.shutdown(socket.Value, Libc.SHUT_WR);
            Span<byte> unread = stackalloc byte[ReadAtClose]; // not the loop's buffer: somebody may be in the middle of what is in it
            for (int i = 0; i < MostReadsAtClose && Libc.read(socket.Value, unread) > 0; i++)
            {
            }
        }

        _output.Clear(Loop.Buffers);
        socket.Dispose();
    }

    /// <summary>Gives the socket to somebody else, who goes on with it.</summary>
    public SafeFd Release()
    {
        Detach();
        return socket;
    }

    protected EventLoop Loop => Lane.Loop;

    /// <summary>Who is at the other end, where the kernel knows it.</summary>
    protected PeerCredentials? Credentials => PeerCredentials.Of(socket);

    /// <summary>Whether the client should be read.</summary>
    protected abstract bool WantsInput { get; }

    /// <summary>How many bytes may be read now.</summary>
    protected abstract int InputRoom { get; }

    /// <summary>Bytes came from the client.</summary>
    protected abstract void Take(ReadOnlySpan<byte> bytes);

    /// <summary>The client has closed its sending side.</summary>
    protected abstract void OnInputEnded();

    /// <summary>The client has taken all output that waited for it.</summary>
    protected abstract void OnCaughtUp();

    /// <summary>The client is gone; the socket is still open here.</summary>
    protected abstract void OnGone();

    private uint WantedEvents => (WantsInput ? Libc.EPOLLIN : 0) | (_output.IsEmpty ? 0 : Libc.EPOLLOUT);

    private bool Flush()
    {
        nint sent = Libc.send(socket.Value, _output.Bytes);
        if (sent < 0) return sent == -(nint)Errno.EAGAIN;
        Taken += sent;
        _output.Consume((int)sent, Loop.Buffers);
        if (_output.IsEmpty)
        {
            UpdateInterest();
            OnCaughtUp();
        }

        return true;
    }

    /// <summary>Reads what has come and was not told of yet.</summary>
    public void ReadNow() => Read(0);

    private void Read(uint events)
    {
        if (!WantsInput) return; // it has changed its mind within this turn
        nint count = Libc.read(socket.Value, Loop.Buffers.Scratch.AsSpan(0, InputRoom));
        if (count > 0)
        {
            Lane.Counters.BytesIn += count;
            Take(Loop.Buffers.Scratch.AsSpan(0, (int)count));
        }
        else if (count == 0 && (events & Libc.EPOLLHUP) == 0)
            OnInputEnded();
        else if (count != -(nint)Errno.EAGAIN)
            OnGone();
    }
}
