using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Forkpty.EndToEnd.Sessions;

/// <summary>
/// A client whose connection breaks again and again while it types a long text and reads its echo: it resumes as docs/protocol.md says, and looks at each byte that comes.
/// </summary>
internal sealed class ResumingPeer(RouterProcess router, long length, int breaks, int seed)
{
    private const int ReadyLength = 2; // "go": the program has made its terminal raw
    private const int Period = 1_000_003; // a prime, so that the text repeats at no boundary of a buffer
    private const int MostUnacknowledged = 64 * 1024;

    private readonly Random _random = new(seed);
    private readonly byte[] _text = Text(seed);
    private long _sent;
    private long _acknowledged;
    private long _received; // of the echo and of the two bytes before it
    private bool _isInsidePacket;
    private string? _token;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many connections broke.</summary>
    public int Broken { get; private set; }

    /// <summary>The SHA-256 of the text, in small hexadecimal digits.</summary>
    public string Checksum
    {
        get
        {
            using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (long done = 0; done < length; done += Period)
                sum.AppendData(_text.AsSpan(0, (int)Math.Min(Period, length - done)));
            return Convert.ToHexStringLower(sum.GetHashAndReset());
        }
    }

    /// <summary>Runs to the end of the text; the session's program echoes what it reads.</summary>
    public async Task RunAsync(string name, string shell, TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        try
        {
            while (_received < length + ReadyLength)
            {
                var open = _token is null
                    ? Request.Open(name, shell: shell, onDisconnect: "keep")
                    : new JsonObject { ["session"] = name, ["mode"] = "attach", ["resume"] = _token, ["received"] = _received };
                await ConnectOnceAsync(open, deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new ExpectationException($"After {within.TotalSeconds} s: {_received} bytes of {length} received, {_sent} sent, {_acknowledged} acknowledged, {Broken} connections broke.");
        }
    }

    private async Task ConnectOnceAsync(JsonObject open, CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        long begun = Stopwatch.GetTimestamp();
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(router.UwsgiAddress), cancel);
        await socket.SendAsync((byte[])[.. SessionPeer.Upgrade(24, 80), .. SessionPeer.Packet(PacketType.Open, Request.Payload(open))], cancel);
        if (_token is not null && Stopwatch.GetElapsedTime(begun).TotalMilliseconds > 80)
            return; // so late that the router may have begun as uWSGI's does
        bool isToBreak = Broken < breaks;
        if (isToBreak && _token is not null && _random.Next(8) == 0)
        {
            Broken++;
            return; // gone before the answer
        }

        // Three quarters of the text's share of a break, so that all come before its end.
        long breakAfter = isToBreak ? (_token is null ? 1_000 : 0) + _random.NextInt64(3 * length / breaks / 2) : long.MaxValue;
        using var connection = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task sending = SendAsync(socket, opened.Task, connection.Token);
        bool broke = await ReadAsync(socket, breakAfter, opened, sending, cancel);
        await connection.CancelAsync();
        await sending.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (broke && !_isInsidePacket && _random.Next(2) == 0)
            await SendHalfAPacketAsync(socket);
        Broken += broke ? 1 : 0;
    }

    /// <summary>True where the connection is to break here, false at the end of the text.</summary>
    private async Task<bool> ReadAsync(Socket socket, long breakAfter, TaskCompletionSource opened, Task sending, CancellationToken cancel)
    {
        byte[] buffer = new byte[8192];
        byte[] header = new byte[4];
        (int have, int remaining) = (0, 0);
        List<byte> message = [];
        for (long raw = 0; raw < breakAfter && _received < length + ReadyLength;)
        {
            int count = await socket.ReceiveAsync(buffer.AsMemory(0, _random.Next(1, buffer.Length)), cancel);
            if (count == 0)
                throw new ExpectationException($"The router closed the connection after {raw} bytes.");
            raw += count;
            for (int at = 0; at < count;)
            {
                if (remaining == 0 && have < 4)
                {
                    header[have++] = buffer[at++];
                    if (have < 4)
                        continue;
                    remaining = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(1));
                    Assert.Equal(0xF5, header[0]);
                    message.Clear();
                }

                int piece = Math.Min(remaining, count - at);
                if (header[3] == PacketType.Data)
                    Compare(buffer.AsSpan(at, piece));
                else
                    message.AddRange(buffer.AsSpan(at, piece));
                at += piece;
                remaining -= piece;
                if (remaining > 0)
                    continue;
                have = 0;
                Obey(header[3], [.. message], opened);
            }

            if (sending.IsFaulted)
                await sending;
        }

        return _received < length + ReadyLength;
    }

    private void Compare(ReadOnlySpan<byte> output)
    {
        foreach (byte b in output)
        {
            byte expected = _received < ReadyLength ? "go"u8[(int)_received] : _text[(_received - ReadyLength) % Period];
            if (_received >= length + ReadyLength || b != expected)
                throw new ExpectationException($"Byte {_received} of the output is {b:x2} and not {expected:x2}, after {Broken} broken connections.");
            if (++_received == ReadyLength)
                _ready.SetResult();
        }
    }

    private void Obey(byte type, byte[] payload, TaskCompletionSource opened)
    {
        switch (type)
        {
            case PacketType.Opened:
                var message = JsonDocument.Parse(payload).RootElement;
                Assert.Equal(_received, message.GetProperty("offset").GetInt64());
                Assert.False(message.TryGetProperty("gap", out _), "a gap");
                long input = message.TryGetProperty("input", out var taken) ? taken.GetInt64() : 0;
                Assert.InRange(input, _acknowledged, _sent);
                (_sent, _acknowledged) = (input, input);
                if (message.TryGetProperty("token", out var token))
                    _token = token.GetString();
                Assert.NotNull(_token);
                opened.SetResult();
                break;
            case PacketType.Acknowledge:
                long acknowledged = BinaryPrimitives.ReadInt64LittleEndian(payload);
                Assert.InRange(acknowledged, _acknowledged, Interlocked.Read(ref _sent));
                Interlocked.Exchange(ref _acknowledged, acknowledged);
                Interlocked.Exchange(ref _progress, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
                break;
            case PacketType.Error or PacketType.Exit:
                throw new ExpectationException(new ReceivedPacket(type, payload, _received).ToString());
            default:
                break;
        }
    }

    private async Task SendAsync(Socket socket, Task opened, CancellationToken cancel)
    {
        await opened.WaitAsync(cancel);
        await _ready.Task.WaitAsync(cancel);
        _isInsidePacket = false;
        var random = new Random(seed + Broken);
        while (_sent < length)
        {
            Task progress = Volatile.Read(ref _progress).Task;
            long room = MostUnacknowledged - (_sent - Interlocked.Read(ref _acknowledged));
            if (room <= 0)
            {
                await progress.WaitAsync(cancel);
                continue;
            }

            byte[] packet = SessionPeer.Packet(PacketType.Data, Piece((int)Math.Min(Math.Min(room, random.Next(1, 9_000)), length - _sent)));
            Interlocked.Add(ref _sent, packet.Length - 4);
            _isInsidePacket = true;
            for (ReadOnlyMemory<byte> rest = packet; rest.Length > 0;)
                rest = rest[await socket.SendAsync(rest, cancel)..];
            _isInsidePacket = false;
        }
    }

    /// <summary>The connection breaks within a packet: what came of it may be taken.</summary>
    private async Task SendHalfAPacketAsync(Socket socket)
    {
        int announced = (int)Math.Min(5_000, length - _sent);
        if (announced < 2 || _sent - _acknowledged + announced > MostUnacknowledged || !socket.Poll(0, SelectMode.SelectWrite))
            return;
        byte[] packet = SessionPeer.Packet(PacketType.Data, Piece(announced));
        int cut = _random.Next(4, packet.Length);
        _sent += cut - 4;
        using var soon = new CancellationTokenSource(200);
        try
        {
            await socket.SendAsync(packet.AsMemory(0, cut), soon.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The router did not take it all: as good.
        }
    }

    private byte[] Piece(int count)
    {
        byte[] piece = new byte[count];
        for (int i = 0; i < count; i++)
            piece[i] = _text[(_sent + i) % Period];
        return piece;
    }

    private static byte[] Text(int seed)
    {
        byte[] text = new byte[Period];
        new Random(seed).NextBytes(text);
        return text;
    }
}
