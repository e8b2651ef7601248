using System.Net.Sockets;
using System.Text;
using Forkpty.Protocol;
using Forkpty.Testing;

namespace Forkpty.Tests;

/// <summary>A router in this process on a socket of its own, and connections to it.</summary>
internal sealed class HostedRouter : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();

    public HostedRouter(string command, int workers = 2)
    {
        Path = _directory["s"];
        Options = new RouterOptions { Listeners = [new ListenOptions(RouterAddress.Parse(Path), WireMode.Raw)], Command = command, Workers = workers };
        Router = new Router(Options, Log);
        Router.Start();
    }

    public string Path { get; }

    public RouterOptions Options { get; }

    public Router Router { get; }

    public RecordingLog Log { get; } = new();

    public async Task<NetworkStream> Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path));
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Connects and reads all that the program says.</summary>
    public async Task<string> Run()
    {
        await using NetworkStream session = await Connect();
        return await ReadToEnd(session);
    }

    public static async Task<string> ReadToEnd(NetworkStream session)
    {
        var output = new MemoryStream();
        await session.CopyToAsync(output);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    public static async Task<string> ReadUntil(NetworkStream session, string text)
    {
        var output = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!output.ToString().EndsWith(text, StringComparison.Ordinal))
        {
            int count = await session.ReadAsync(buffer);
            if (count == 0) throw new EndOfStreamException($"The session ended before it said '{text}'. It said: {output}");
            output.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return output.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await Router.DisposeAsync();
        _directory.Dispose();
    }
}
