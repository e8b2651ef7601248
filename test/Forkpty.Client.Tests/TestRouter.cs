using System.Net;
using System.Net.Sockets;
using Forkpty.Protocol;

namespace Forkpty.Tests;

/// <summary>A peer that shows what a client sends, read by read, and answers as the test wants. One connection.</summary>
internal sealed class TestRouter : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket _listener;
    private Socket? _client;
    private PacketReader _reader;

    private TestRouter(WireMode mode, bool tcp)
    {
        Mode = mode;
        Directory = System.IO.Directory.CreateTempSubdirectory("fpty-client-").FullName;
        _listener = tcp
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(tcp ? new IPEndPoint(IPAddress.Loopback, 0) : new UnixDomainSocketEndPoint($"{Directory}/s"));
        _listener.Listen();
        Address = tcp ? $"127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}" : $"{Directory}/s";
    }

    public static TestRouter Listen(WireMode mode, bool tcp = false) => new(mode, tcp);

    public WireMode Mode { get; }

    public string Directory { get; }

    public string Address { get; }

    /// <summary>What arrived as input, without the packets around it.</summary>
    public List<byte> Input { get; } = [];

    /// <summary>The packets that arrived, stdin with its length.</summary>
    public List<string> Packets { get; } = [];

    /// <summary>The bytes of each read.</summary>
    public List<int> Reads { get; } = [];

    public async Task Accept() => _client = await _listener.AcceptAsync().WaitAsync(Patience);

    public async Task Send(ReadOnlyMemory<byte> output)
    {
        while (!output.IsEmpty)
            output = output[await _client!.SendAsync(output).AsTask().WaitAsync(Patience)..];
    }

    public Task Send(string output) => Send(System.Text.Encoding.UTF8.GetBytes(output));

    /// <summary>Reads once; false at the end.</summary>
    public async Task<bool> Read()
    {
        byte[] buffer = new byte[256 * 1024];
        int count = await _client!.ReceiveAsync(buffer).WaitAsync(Patience);
        if (count == 0) return false;
        Reads.Add(count);
        if (Mode == WireMode.Raw)
            Input.AddRange(buffer.AsSpan(0, count));
        else
            Take(buffer.AsSpan(0, count));
        return true;
    }

    public async Task ReadUntil(Func<bool> enough)
    {
        while (!enough())
        {
            if (!await Read()) throw new EndOfStreamException($"the client has gone; packets: {string.Join(", ", Packets)}");
        }
    }

    /// <summary>How many bytes wait in the client's direction before it takes no more.</summary>
    public int SendUntilRefused()
    {
        _client!.Blocking = false;
        int sent = 0;
        byte[] chunk = new byte[4096];
        var idle = System.Diagnostics.Stopwatch.StartNew();
        while (idle.ElapsedMilliseconds < 300)
        {
            if (!_client.Poll(20_000, SelectMode.SelectWrite)) continue;
            try
            {
                sent += _client.Send(chunk);
                idle.Restart();
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
            }
        }

        _client.Blocking = true;
        return sent;
    }

    public void Close() => _client!.Dispose();

    /// <summary>Goes away as a host that has lost the connection: RST. TCP only.</summary>
    public void Reset()
    {
        _client!.LingerState = new LingerOption(true, 0);
        _client.Close();
    }

    public void Dispose()
    {
        _client?.Dispose();
        _listener.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (_reader.TryRead(ref bytes, out Packet packet))
        {
            Input.AddRange(packet.Payload);
            Packets.Add(packet.Kind == PacketKind.Stdin ? $"Stdin {packet.Header.Size}" : $"{packet.Kind} {packet.Value}");
        }
    }
}
