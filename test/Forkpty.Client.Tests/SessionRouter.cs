using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Forkpty.Protocol;

namespace Forkpty.Tests;

/// <summary>A peer that speaks the session protocol as the test wants: one connection at a time, packet by packet.</summary>
internal sealed class SessionRouter : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket _listener;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Queue<Received> _received = new();
    private readonly List<Socket> _passed = []; // open to the end: with their offer unread, a close would be a reset
    private Socket? _client;
    private SessionPacketReader _reader;

    public SessionRouter(bool tcp = false)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("fpty-session-").FullName;
        _listener = tcp
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(tcp ? new IPEndPoint(IPAddress.Loopback, 0) : new UnixDomainSocketEndPoint($"{Directory}/s"));
        _listener.Listen();
        Address = tcp ? $"127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}" : $"{Directory}/s";
    }

    /// <summary>A packet, or a piece of a stream.</summary>
    internal sealed record Received(bool IsSession, SessionPacketType Type, UwsgiHeader Header, byte[] Payload)
    {
        public string Text => Encoding.UTF8.GetString(Payload);
    }

    public string Directory { get; }

    public string Address { get; }

    /// <summary>Input of all connections, as it came.</summary>
    public List<byte> Input { get; } = [];

    public string InputText => Encoding.UTF8.GetString([.. Input]);

    /// <summary>Waits for a client, and for its offer of the protocol.</summary>
    /// <returns>The window it has told: <c>24x80</c>.</returns>
    public async Task<string> Accept()
    {
        _client?.Dispose();
        _client = await _listener.AcceptAsync().WaitAsync(Patience);
        _reader = default;
        _received.Clear();
        Received rows = await Next(), columns = await Next();
        if (rows is not { IsSession: true, Type: SessionPacketType.Rows } || columns is not { IsSession: true, Type: SessionPacketType.Columns })
            throw new InvalidDataException($"the first packets are {rows} and {columns}");
        return string.Create(CultureInfo.InvariantCulture, $"{rows.Header.Size}x{columns.Header.Size}");
    }

    /// <summary>Fills the queue of clients that wait, so that a client's connect(2) does; what it gives is the only connection in it.</summary>
    public Socket Fill()
    {
        _listener.Listen(0);
        var first = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        first.Connect(new UnixDomainSocketEndPoint(Address));
        return first;
    }

    /// <summary>Takes the next client out of the queue, and does with it what a router of uWSGI does: it sends what a shell says.</summary>
    public async Task PassAsUwsgi()
    {
        Socket passed = await _listener.AcceptAsync().WaitAsync(Patience);
        _passed.Add(passed);
        await passed.SendAsync("$ "u8.ToArray());
    }

    /// <summary>Accepts, greets, and gives what is asked for.</summary>
    public async Task<OpenRequest> AcceptOpen()
    {
        await Accept();
        return await Greet();
    }

    public async Task<OpenRequest> Greet()
    {
        await SendHello();
        Received open = await Expect(SessionPacketType.Open);
        return OpenRequest.TryRead(open.Payload, out OpenRequest? request) ? request : throw new InvalidDataException(open.Text);
    }

    public Task SendHello() => Send(SessionPacketType.Hello, new Hello { Version = "test", Can = ["keep", "no-pty", "resume", "events"] }.ToPayload());

    public Task SendOpened(Opened opened) => Send(SessionPacketType.Opened, opened.ToPayload());

    /// <summary>A kept session, and one that ends with its client.</summary>
    public static Opened Kept(string name = "build") => new() { Session = name, Id = 1, Pid = 77, OnDisconnect = OnDisconnect.Keep, Token = "t0ken" };

    public static Opened Plain { get; } = new() { Session = "1", Id = 1, Pid = 77 };

    public Task SendExit(SessionEnd end) => Send(SessionPacketType.Exit, end.ToPayload());

    public Task SendOutput(string text) => Send(SessionPacketType.Data, Encoding.UTF8.GetBytes(text));

    public async Task Acknowledge(long total)
    {
        byte[] packet = new byte[SessionPacketWriter.AcknowledgeLength];
        SessionPacketWriter.WriteAcknowledge(packet, total);
        await SendBytes(packet);
    }

    public Task Send(SessionPacketType type, byte[] payload) => SendBytes(SessionPacketWriter.Packet(type, payload));

    public async Task SendBytes(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _client!.SendAsync(bytes).AsTask().WaitAsync(Patience)..];
    }

    /// <summary>The next packet of a type; what comes before it is passed over, input is kept in <see cref="Input"/>.</summary>
    public async Task<Received> Expect(SessionPacketType type)
    {
        while (true)
        {
            Received next = await Next();
            if (next.IsSession && next.Type == type) return next;
        }
    }

    /// <summary>Reads until so much input has come in all.</summary>
    public async Task ReadInput(int total)
    {
        while (Input.Count < total)
            await Next();
    }

    public async Task ReadInput(string text)
    {
        while (!InputText.Contains(text, StringComparison.Ordinal))
            await Next();
    }

    public async Task<Received> Next()
    {
        while (_received.Count == 0)
        {
            int count = await _client!.ReceiveAsync(_buffer).WaitAsync(Patience);
            if (count == 0) throw new EndOfStreamException($"the client has gone; input: {InputText}");
            Take(count);
        }

        return _received.Dequeue();
    }

    /// <summary>Waits for the client's end of the connection.</summary>
    public async Task ExpectEnd()
    {
        try
        {
            while (true)
                await Next();
        }
        catch (Exception e) when (e is EndOfStreamException or SocketException)
        {
        }
    }

    public void Close() => _client!.Dispose();

    /// <summary>Nobody listens any more, and the name is gone.</summary>
    public void StopListening()
    {
        _listener.Dispose();
        File.Delete(Address);
    }

    public void Dispose()
    {
        _client?.Dispose();
        _passed.ForEach(each => each.Dispose());
        _listener.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private void Take(int count)
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, count);
        while (_reader.TryRead(ref bytes, out SessionPacket packet))
        {
            var received = new Received(packet.IsSession, packet.Type, packet.Header, packet.Payload.ToArray());
            if (received.IsSession ? received.Type == SessionPacketType.Data : received.Header.Kind == PacketKind.Stdin) Input.AddRange(received.Payload);
            _received.Enqueue(received);
        }
    }
}
