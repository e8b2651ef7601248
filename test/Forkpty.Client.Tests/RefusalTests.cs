using Xunit;

namespace Forkpty.Tests;

public sealed class RefusalTests
{
    [Theory]
    [InlineData("/nonexistent/x.sock", "no such socket", "ENOENT")]
    [InlineData("/etc/passwd", "nobody listens there", "ECONNREFUSED")]
    [InlineData("/etc/passwd/x", "no directory", "ENOTDIR")]
    [InlineData("@fpty-client-nobody", "nobody listens there", "ECONNREFUSED")]
    [InlineData("127.0.0.1:1", "nobody listens there", "ECONNREFUSED")]
    [InlineData("localhost:1", "nobody listens there", "ECONNREFUSED")]
    [InlineData("nosuch.invalid:1", "has no address", "numeric address")]
    [InlineData("fd://3", "for a router to listen on", "host:port")]
    public void A_router_that_is_not_there_gives_one_sentence_and_status_255(string address, string reason, string detail)
    {
        string output = Shell.Run($"{TestTerminal.Executable} client '{address}' Raw '~' < /dev/null", out int status);
        Assert.Equal(255, status);
        Assert.StartsWith($"fpty: cannot connect to {address}: ", output, StringComparison.Ordinal);
        Assert.Contains(reason, output, StringComparison.Ordinal);
        Assert.Contains(detail, output, StringComparison.Ordinal);
        Assert.Equal(output.Length - 1, output.IndexOf('\n', StringComparison.Ordinal));
    }

    [Fact(Timeout = 150_000)]
    public async Task Localhost_is_tried_on_both_families()
    {
        const string Addresses = "/proc/net/if_inet6";
        Assert.SkipUnless(File.Exists(Addresses) && (await File.ReadAllTextAsync(Addresses)).Contains("00000000000000000000000000000001 ", StringComparison.Ordinal), "this machine has no loopback of version 6");
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.IPv6Loopback, 0);
        listener.Start();
        int port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        Task<string> client = Task.Run(() => Shell.Run($"{TestTerminal.Executable} client localhost:{port} Raw '~'; echo $?"));
        (await listener.AcceptSocketAsync()).Dispose();
        Assert.Equal("0\n", await client);
    }
}
