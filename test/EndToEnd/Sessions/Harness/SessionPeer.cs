using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Forkpty.EndToEnd.Sessions;

/// <summary>
/// A client of the session protocol, written from docs/protocol.md for the tests: it sends exactly the bytes that a test wants, keeps every packet that comes, and shares no
/// code with the client of this project.
/// </summary>
internal sealed class SessionPeer : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly List<ReceivedPacket> _packets = [];
    private readonly Socket _socket;
    private readonly bool _keepsOutput;
    private TaskCompletionSource _changed = NewSignal();
    private Task _reading = Task.CompletedTask;
    private long _outputLength;
    private int _expected;
    private string? _end;

    private SessionPeer(Socket socket, bool keepsOutput)
    {
        _socket = socket;
        _keepsOutput = keepsOutput;
    }

    /// <summary>The payloads of DATA.</summary>
    public Transcript Output { get; } = new("the session");

    /// <summary>The payloads of SCREEN.</summary>
    public Transcript Screen { get; } = new("the screen");

    /// <summary>The payloads of SCREEN and DATA in the order in which they came: what a terminal gets.</summary>
    public Transcript Stream { get; } = new("the terminal");

    /// <summary>The payloads of STDERR.</summary>
    public Transcript Errors { get; } = new("standard error");

    /// <summary>What the router said of the session that was asked for.</summary>
    public ReceivedPacket Opened { get; private set; } = null!;

    /// <summary>The name of the session.</summary>
    public string Name => Opened.Text("session");

    /// <summary>The process id of the session's program.</summary>
    public int Pid => (int)Opened.Number("pid");

    /// <summary>Bytes of DATA so far, kept or not.</summary>
    public long OutputLength => Interlocked.Read(ref _outputLength);

    /// <summary>The packets so far that were no DATA, SCREEN or STDERR.</summary>
    public IReadOnlyList<ReceivedPacket> Packets
    {
        get
        {
            lock (_gate)
                return [.. _packets];
        }
    }

    /// <summary>Bytes that have come and were not read.</summary>
    public int Unread => _socket.Available;

    /// <summary>Null while the connection is there.</summary>
    public string? End
    {
        get
        {
            lock (_gate)
                return _end;
        }
    }

    /// <summary>Connects and says nothing.</summary>
    public static Task<SessionPeer> ConnectSilentlyAsync(RouterProcess router, bool read = true, bool keepsOutput = true) => ConnectSilentlyAsync(router.UwsgiAddress, read, keepsOutput);

    private static async Task<SessionPeer> ConnectSilentlyAsync(string address, bool read, bool keepsOutput)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var deadline = new CancellationTokenSource(Patience.Expectation);
        while (true)
        {
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(address), deadline.Token);
                break;
            }
            catch (SocketException e) when (e.NativeErrorCode == 11 && !deadline.IsCancellationRequested)
            {
                await Task.Delay(1, deadline.Token); // EAGAIN: the listener's queue is full
            }
        }

        var peer = new SessionPeer(socket, keepsOutput);
        if (read)
            peer.StartReading();
        return peer;
    }

    /// <summary>Connects, asks for the protocol and waits for HELLO.</summary>
    public static Task<SessionPeer> ConnectAsync(RouterProcess router, int rows = 24, int columns = 80, bool keepsOutput = true) => ConnectAsync(router.UwsgiAddress, rows, columns, keepsOutput);

    /// <summary>The same by an address.</summary>
    public static async Task<SessionPeer> ConnectAsync(string address, int rows = 24, int columns = 80, bool keepsOutput = true)
    {
        var peer = await OfferAsync(address, Upgrade(rows, columns), read: true, keepsOutput);
        await peer.ExpectAsync(PacketType.Hello);
        return peer;
    }

    /// <summary>Connects and sends the first packets; as a client does, once more where they may have come too late, for want of a processor: then the router has begun as uWSGI's does.</summary>
    private static async Task<SessionPeer> OfferAsync(string address, byte[] first, bool read, bool keepsOutput)
    {
        for (int left = 10; ; left--)
        {
            long begun = Stopwatch.GetTimestamp();
            var peer = await ConnectSilentlyAsync(address, read, keepsOutput);
            await peer.SendBytesAsync(first);
            if (left == 0 || Stopwatch.GetElapsedTime(begun).TotalMilliseconds < 80)
                return peer;
            await peer.DisposeAsync();
        }
    }

    /// <summary>Connects and opens a session.</summary>
    public static Task<SessionPeer> OpenAsync(RouterProcess router, JsonObject open, int rows = 24, int columns = 80, bool keepsOutput = true) =>
        OpenAsync(router.UwsgiAddress, open, rows, columns, keepsOutput);

    /// <summary>The same by an address.</summary>
    public static async Task<SessionPeer> OpenAsync(string address, JsonObject open, int rows = 24, int columns = 80, bool keepsOutput = true)
    {
        var peer = await ConnectAsync(address, rows, columns, keepsOutput);
        try
        {
            await peer.OpenAsync(open);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects and opens a session, and reads nothing of what comes.</summary>
    public static Task<SessionPeer> OpenUnreadAsync(RouterProcess router, JsonObject open) =>
        OfferAsync(router.UwsgiAddress, [.. Upgrade(24, 80), .. Packet(PacketType.Open, Request.Payload(open))], read: false, keepsOutput: true);

    /// <summary>The client's first two packets.</summary>
    public static byte[] Upgrade(int rows, int columns) =>
        [0xF5, (byte)rows, (byte)(rows >> 8), PacketType.Rows, 0xF5, (byte)columns, (byte)(columns >> 8), PacketType.Columns];

    /// <summary>One packet.</summary>
    public static byte[] Packet(byte type, ReadOnlySpan<byte> payload, byte modifier1 = 0xF5) =>
        [modifier1, (byte)payload.Length, (byte)(payload.Length >> 8), type, .. payload];

    /// <summary>Asks for a session and waits until it is there.</summary>
    public async Task<ReceivedPacket> OpenAsync(JsonObject open)
    {
        await SendAsync(PacketType.Open, open);
        return Opened = await ExpectAsync(PacketType.Opened);
    }

    /// <summary>From now on everything is read as it comes.</summary>
    public void StartReading() => _reading = Task.Run(ReadAsync);

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes, TimeSpan? within = null)
    {
        using var deadline = new CancellationTokenSource(within ?? Patience.Expectation);
        while (bytes.Length > 0)
            bytes = bytes[await _socket.SendAsync(bytes, deadline.Token)..];
    }

    /// <summary>Sends a packet.</summary>
    public Task SendAsync(byte type, ReadOnlyMemory<byte> payload = default) => SendBytesAsync(Packet(type, payload.Span));

    /// <summary>Sends a message.</summary>
    public Task SendAsync(byte type, JsonNode message) => SendAsync(type, Request.Payload(message));

    /// <summary>Types.</summary>
    public Task TypeAsync(string text) => SendAsync(PacketType.Data, Encoding.UTF8.GetBytes(text));

    /// <summary>Sends a window's size.</summary>
    public Task ResizeAsync(int rows, int columns, int width = 0, int height = 0)
    {
        byte[] size = new byte[8];
        BinaryPrimitives.WriteUInt16LittleEndian(size, (ushort)rows);
        BinaryPrimitives.WriteUInt16LittleEndian(size.AsSpan(2), (ushort)columns);
        BinaryPrimitives.WriteUInt16LittleEndian(size.AsSpan(4), (ushort)width);
        BinaryPrimitives.WriteUInt16LittleEndian(size.AsSpan(6), (ushort)height);
        return SendAsync(PacketType.WindowSize, size);
    }

    /// <summary>Waits until the router has read everything sent so far.</summary>
    public async Task SettleAsync()
    {
        byte[] word = Guid.NewGuid().ToByteArray();
        await SendAsync(PacketType.Ping, word);
        await ExpectAsync(PacketType.Pong, pong => pong.Payload.AsSpan().SequenceEqual(word));
    }

    /// <summary>Waits for the next packet of a type after those expected before; others between are passed over, but an ERROR that nobody expects is a failure.</summary>
    public Task<ReceivedPacket> ExpectAsync(byte type, TimeSpan? within = null) => ExpectAsync(type, _ => true, within);

    /// <summary>Waits for the next packet of a type that fulfils a condition.</summary>
    public async Task<ReceivedPacket> ExpectAsync(byte type, Func<ReceivedPacket, bool> fulfils, TimeSpan? within = null)
    {
        ReceivedPacket? found = null;
        await WaitAsync(
            () =>
            {
                for (int i = _expected; i < _packets.Count; i++)
                {
                    bool right = _packets[i].Type == type && fulfils(_packets[i]);
                    if (!right && _packets[i].Type != PacketType.Error)
                        continue;
                    _expected = i + 1;
                    found = _packets[i];
                    return true;
                }

                return false;
            },
            PacketType.NameOf(type),
            within);
        return found!.Type == type ? found : throw Failure($"{found} came in place of {PacketType.NameOf(type)}");
    }

    /// <summary>Waits for an ERROR with a code.</summary>
    public async Task<ReceivedPacket> ExpectErrorAsync(string code, TimeSpan? within = null)
    {
        var error = await ExpectAsync(PacketType.Error, within);
        Assert.Equal(code, error.Text("code"));
        Assert.NotEqual("", error.Text("text"));
        return error;
    }

    /// <summary>Waits for an ERROR with a code, after which the router closes.</summary>
    public async Task<ReceivedPacket> ExpectLastErrorAsync(string code, TimeSpan? within = null)
    {
        var error = await ExpectErrorAsync(code, within);
        await ExpectEndAsync();
        Assert.Same(error, Packets[^1]);
        return error;
    }

    /// <summary>Waits for EXIT, after which nothing comes.</summary>
    public async Task<ReceivedPacket> ExpectExitAsync(TimeSpan? within = null)
    {
        var exit = await ExpectAsync(PacketType.Exit, within);
        await ExpectEndAsync();
        Assert.Same(exit, Packets[^1]);
        Assert.Equal(exit.OutputBefore, OutputLength);
        return exit;
    }

    /// <summary>Waits until the router has closed.</summary>
    public Task ExpectEndAsync(TimeSpan? within = null) => WaitAsync(() => _end is not null, "the end", within, evenAfterEnd: true);

    /// <summary>Waits until so many bytes of DATA have come.</summary>
    public Task ExpectOutputLengthAsync(long length, TimeSpan? within = null) =>
        WaitAsync(() => OutputLength >= length, $"{length} bytes of output", within);

    /// <summary>Runs a line in the session's shell and gives what it puts out, without carriage returns.</summary>
    public async Task<string> AskAsync(string line)
    {
        // The echo of the typed line must not look like the marks, so the shell puts them together.
        await TypeAsync($"echo [''a]; {line}; echo [''z]\r");
        var answer = await Output.ExpectAsync(new Regex(@"\[a\]\r?\n([\s\S]*?)\[z\]"));
        return answer.Groups[1].Value.Replace("\r", "", StringComparison.Ordinal).TrimEnd('\n');
    }

    /// <summary>All sessions of the router.</summary>
    public async Task<List<ReceivedPacket>> ListAsync()
    {
        await SendAsync(PacketType.List);
        var all = new List<ReceivedPacket>();
        while (await ExpectAsync(PacketType.Listed) is { Payload.Length: > 0 } one)
            all.Add(one);
        return all;
    }

    /// <summary>Asks until there are so many sessions.</summary>
    public async Task ExpectSessionsAsync(int count, TimeSpan? within = null)
    {
        long deadline = Environment.TickCount64 + (long)(within ?? Patience.Expectation).TotalMilliseconds;
        while (await ListAsync() is { } listed && listed.Count != count)
        {
            if (Environment.TickCount64 > deadline)
                throw Failure($"There are {listed.Count} sessions and not {count}");
            await Task.Delay(10);
        }
    }

    /// <summary>Says that no more is sent; the connection stays open the other way.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Goes away without a word.</summary>
    public async Task LeaveAsync()
    {
        _socket.Dispose();
        await _reading;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await LeaveAsync();

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[256 * 1024];
        int have = 0;
        try
        {
            int count;
            while ((count = await _socket.ReceiveAsync(buffer.AsMemory(have))) > 0)
            {
                have += count;
                int taken = Take(buffer.AsSpan(0, have));
                buffer.AsSpan(taken, have - taken).CopyTo(buffer);
                have -= taken;
            }

            Finish(have == 0 ? "closed by the router" : $"closed by the router within a packet: {Convert.ToHexString(buffer.AsSpan(0, Math.Min(have, 16)))}");
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidDataException)
        {
            Finish(e is SocketException { SocketErrorCode: var code } ? code.ToString() : e is InvalidDataException ? e.Message : "left");
        }
    }

    /// <summary>Takes the whole packets off the beginning; gives how many bytes they were.</summary>
    private int Take(ReadOnlySpan<byte> bytes)
    {
        int taken = 0;
        while (bytes.Length - taken >= 4)
        {
            var header = bytes.Slice(taken, 4);
            if (header[0] != 0xF5)
                throw new InvalidDataException($"what came is no packet: {Convert.ToHexString(bytes[taken..Math.Min(taken + 16, bytes.Length)])}");
            int size = BinaryPrimitives.ReadUInt16LittleEndian(header[1..]);
            if (bytes.Length - taken - 4 < size)
                break;
            Add(header[3], bytes.Slice(taken + 4, size));
            taken += 4 + size;
        }

        return taken;
    }

    private void Add(byte type, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            switch (type)
            {
                case PacketType.Data:
                    Interlocked.Add(ref _outputLength, payload.Length);
                    if (!_keepsOutput)
                        break;
                    Output.Append(payload);
                    Stream.Append(payload);
                    break;
                case PacketType.Screen:
                    Screen.Append(payload);
                    Stream.Append(payload);
                    break;
                case PacketType.StandardError:
                    Errors.Append(payload);
                    break;
                default:
                    _packets.Add(new ReceivedPacket(type, payload.ToArray(), _outputLength));
                    break;
            }

            Wake();
        }
    }

    private void Finish(string how)
    {
        lock (_gate)
        {
            _end = how;
            Wake();
        }

        Output.Finish(how);
        Screen.Finish(how);
        Errors.Finish(how);
    }

    private async Task WaitAsync(Func<bool> holds, string what, TimeSpan? within, bool evenAfterEnd = false)
    {
        using var deadline = new CancellationTokenSource(within ?? Patience.Expectation);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (holds())
                    return;
                if (_end is not null && !evenAfterEnd)
                    throw Failure($"The connection ended ({_end}) without {what}");
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw Failure($"{what} did not come within {(within ?? Patience.Expectation).TotalSeconds} s");
            }
        }
    }

    private ExpectationException Failure(string what)
    {
        lock (_gate)
        {
            string packets = string.Join("\n  ", _packets.TakeLast(20));
            string output = Output.Text;
            return new ExpectationException($"{what}. Packets:\n  {packets}\nand {OutputLength} bytes of output: {(output.Length > 500 ? "..." + output[^500..] : output)}");
        }
    }

    private void Wake()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
