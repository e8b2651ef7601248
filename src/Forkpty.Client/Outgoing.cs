using Forkpty.Interop;
using Forkpty.Protocol;

namespace Forkpty.Client;

/// <summary>
/// What waits to be sent: at most 16 KB of input, and at most one window size, the newest. In raw mode bytes as they are, in uwsgi
/// mode one packet per write, each after the router has read the one before.
/// </summary>
internal sealed class Outgoing(RouterConnection connection, WireMode mode)
{
    public const int Capacity = 16 * 1024;

    // A packet's header is written into the four bytes before its payload, which are free: at the beginning or already sent.
    private readonly byte[] _input = new byte[UwsgiHeader.Length + Capacity];
    private readonly byte[] _window = new byte[PacketWriter.WindowLength];
    private readonly Pacer _pacer = new(connection);
    private int _start = UwsgiHeader.Length;
    private int _end = UwsgiHeader.Length;
    private WindowSize? _newWindow;
    private (byte[] Bytes, int Start, int End) _packet = ([], 0, 0); // begun; nothing else may be sent before its end

    /// <summary>True where nothing waits.</summary>
    public bool IsEmpty => _start == _end && _newWindow is null && !HasBegun;

    /// <summary>True where the socket takes no more at present.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>True once the router has closed its side: then everything is thrown away.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Milliseconds until <see cref="Send"/> should be tried again, -1 for never.</summary>
    public int RetryAfter => IsEmpty || IsRefused ? -1 : _pacer.RetryAfter;

    private bool HasBegun => _packet.Start < _packet.End;

    /// <summary>Where the next bytes of input go; <see cref="Append"/> tells how many did.</summary>
    public Span<byte> Free => _input.AsSpan(_end);

    /// <summary>Makes <see cref="Free"/> as long as this, if it can.</summary>
    public bool HasRoom(int count)
    {
        if (_input.Length - _end < count && !HasBegun) MakeRoom();
        return _input.Length - _end >= count;
    }

    public void Append(int count) => _end += IsBroken ? 0 : count;

    /// <summary>Announces a window size, instead of one that has not been sent yet.</summary>
    public void Announce(WindowSize size)
    {
        if (mode == WireMode.Uwsgi && !IsBroken) _newWindow = size;
    }

    /// <summary>Sends what may be sent now.</summary>
    public void Send()
    {
        IsRefused = false;
        while (!IsBroken && (HasBegun || TryBegin()))
        {
            nint sent = connection.Send(_packet.Bytes.AsSpan(_packet.Start.._packet.End));
            if (sent < 0)
            {
                IsRefused = sent == -(nint)Errno.EAGAIN;
                if (!IsRefused) Break();
                return;
            }

            _packet.Start += (int)sent;
            if (!HasBegun) End();
        }
    }

    private bool TryBegin()
    {
        if (_newWindow is null && _start == _end) return false;
        if (mode == WireMode.Raw)
        {
            _packet = (_input, _start, _end);
            return true;
        }

        if (!_pacer.MaySend()) return false;
        if (_newWindow is { } window)
        {
            _newWindow = null;
            _packet = (_window, 0, PacketWriter.WriteWindow(_window, window.Rows, window.Columns));
            return true;
        }

        int length = Math.Min(_end - _start, PacketWriter.MaxStdinToUwsgi);
        int header = _start - UwsgiHeader.Length;
        PacketWriter.WriteStdinHeader(_input.AsSpan(header), length);
        _packet = (_input, header, _start + length);
        return true;
    }

    private void End()
    {
        if (mode == WireMode.Uwsgi) _pacer.Sent();
        if (_packet.Bytes == _input) _start = _packet.End;
        if (_start == _end) _start = _end = UwsgiHeader.Length;
        _packet = ([], 0, 0);
    }

    private void MakeRoom()
    {
        _input.AsSpan(_start.._end).CopyTo(_input.AsSpan(UwsgiHeader.Length));
        _end -= _start - UwsgiHeader.Length;
        _start = UwsgiHeader.Length;
    }

    private void Break()
    {
        IsBroken = true;
        _newWindow = null;
        _packet = ([], 0, 0);
        _start = _end = UwsgiHeader.Length;
    }
}
