using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Forkpty.Testing;

/// <summary>A client written for the test: it sends exactly the bytes the test wants, when the test wants.</summary>
public sealed class SocketClient : ISessionClient
{
    private readonly Socket _socket;
    private readonly Wire _wire;
    private Task _reading = Task.CompletedTask;

    private SocketClient(Socket socket, Wire wire)
    {
        _socket = socket;
        _wire = wire;
    }

    /// <inheritdoc/>
    public Transcript Output { get; } = new("the session");

    /// <summary>Connects; with <paramref name="read"/> false nothing is read until <see cref="StartReading"/>.</summary>
    public static async Task<SocketClient> ConnectAsync(string address, Wire wire, bool read = true)
    {
        Socket socket;
        try
        {
            socket = await ConnectAsync(EndPointOf(address));
        }
        catch (SocketException) when (address[0] == '@')
        {
            // uWSGI ends an abstract name with a NUL byte.
            socket = await ConnectAsync(EndPointOf(address + "\0"));
        }

        var client = new SocketClient(socket, wire);
        if (read)
            client.StartReading();
        return client;
    }

    /// <summary>From now on everything is read as it comes, in chunks of at most <paramref name="chunk"/> bytes.</summary>
    public void StartReading(int chunk = 65_536) => _reading = Task.Run(() => ReadAsync(chunk));

    /// <inheritdoc/>
    public Task TypeAsync(string text) => SendInputAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends input for the program: bytes, or one stdin packet of at most 65,535 bytes.</summary>
    public async Task SendInputAsync(ReadOnlyMemory<byte> input)
    {
        if (_wire == Wire.Raw)
            await SendBytesAsync(input);
        else
            await SendPacketAsync(0, (ushort)input.Length, input);
    }

    /// <summary>Sends one packet with modifier1 = 0.</summary>
    public Task SendPacketAsync(byte modifier2, ushort size, ReadOnlyMemory<byte> payload = default) =>
        SendBytesAsync(Packet(modifier2, size, payload.Span));

    /// <summary>Sends bytes as they are, with no header.</summary>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        using var deadline = new CancellationTokenSource(Patience.Expectation);
        while (bytes.Length > 0)
            bytes = bytes[await _socket.SendAsync(bytes, deadline.Token)..];
    }

    /// <summary>Sends as much as goes without waiting longer than <paramref name="within"/>; gives the number of bytes taken.</summary>
    public async Task<int> SendWhileTakenAsync(ReadOnlyMemory<byte> bytes, TimeSpan within)
    {
        // Not an asynchronous send that is given up: how much of it has gone, nobody could tell.
        _socket.Blocking = false;
        var sent = 0;
        while (sent < bytes.Length)
        {
            var count = _socket.Send(bytes.Span[sent..], SocketFlags.None, out var error);
            if (error == SocketError.Success)
                sent += count;
            else if (error != SocketError.WouldBlock)
                throw new SocketException((int)error);
            else if (!await Task.Run(() => _socket.Poll(within, SelectMode.SelectWrite)))
                break;
        }

        return sent;
    }

    /// <inheritdoc/>
    public Task ResizeAsync(int rows, int columns) =>
        SendBytesAsync((byte[])[.. Packet(100, (ushort)rows, []), .. Packet(101, (ushort)columns, [])]);

    /// <summary>Asks the router to send a signal (uwsgi mode).</summary>
    public Task SignalAsync(int signal) => SendPacketAsync((byte)signal, 0);

    /// <summary>Says that no more input comes; output is still read.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <inheritdoc/>
    public Task ExpectOverAsync(TimeSpan? within = null) => Output.ExpectEndAsync(within);

    /// <summary>Closes the socket at once.</summary>
    public async Task LeaveAsync()
    {
        _socket.Dispose();
        await _reading;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await LeaveAsync();

    /// <summary>The bytes of one packet.</summary>
    public static byte[] Packet(byte modifier2, ushort size, ReadOnlySpan<byte> payload, byte modifier1 = 0)
    {
        var packet = new byte[4 + payload.Length];
        packet[0] = modifier1;
        BinaryPrimitives.WriteUInt16LittleEndian(packet.AsSpan(1), size);
        packet[3] = modifier2;
        payload.CopyTo(packet.AsSpan(4));
        return packet;
    }

    private static EndPoint EndPointOf(string address)
    {
        if (address.StartsWith('@'))
            return new UnixDomainSocketEndPoint("\0" + address[1..]);
        if (address.StartsWith('/'))
            return new UnixDomainSocketEndPoint(address);
        return IPEndPoint.Parse(address);
    }

    private static async Task<Socket> ConnectAsync(EndPoint endpoint)
    {
        var protocol = endpoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp;
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, protocol);
        try
        {
            using var deadline = new CancellationTokenSource(Patience.Expectation);
            while (true)
            {
                try
                {
                    await socket.ConnectAsync(endpoint, deadline.Token);
                    return socket;
                }
                catch (SocketException e) when (e.NativeErrorCode == 11 && !deadline.IsCancellationRequested)
                {
                    // EAGAIN: the queue of a UNIX listener is full; the router takes from it as fast as it can.
                    await Task.Delay(1, deadline.Token);
                }
            }
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task ReadAsync(int chunk)
    {
        var buffer = new byte[chunk];
        try
        {
            int count;
            while ((count = await _socket.ReceiveAsync(buffer)) > 0)
                Output.Append(buffer.AsSpan(0, count));
            Output.Finish("closed by the router");
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Output.Finish(e is SocketException { SocketErrorCode: var code } ? code.ToString() : "left");
        }
    }
}
