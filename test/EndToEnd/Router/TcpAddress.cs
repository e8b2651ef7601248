using System.Net;
using System.Net.Sockets;

namespace Forkpty.EndToEnd;

public sealed class TcpAddress
{
    [Theory(Timeout = Patience.Test), Pairs]
    public async Task Loopback_is_served(ClientKind client, RouterKind router, Wire wire)
    {
        var address = $"127.0.0.1:{FreePort()}";
        await using var talk = await Conversation.OpenAsync(client, router, wire, At(wire, address));

        await talk.ReadyAsync();
    }

    [Theory(Timeout = Patience.Test), Pairs(OurRouterOnly = true)]
    public async Task Loopback_of_version_6_is_served(ClientKind client, RouterKind router, Wire wire)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6 && File.Exists("/proc/net/if_inet6"), "this machine has no IPv6");
        Assert.SkipWhen(client == ClientKind.Uwsgi, "uWSGI's client knows no IPv6 address");
        var address = $"[::1]:{FreePort(IPAddress.IPv6Loopback)}";
        await using var talk = await Conversation.OpenAsync(client, router, wire, At(wire, address));

        await talk.ReadyAsync();
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("0.0.0.0:{0}")]
    [InlineData(":{0}")]
    [InlineData("[::]:{0}")]
    [InlineData("192.0.2.1:{0}")]
    public async Task Any_other_address_is_refused_with_the_reason(string address)
    {
        var port = FreePort();
        await using var process = RouterProcess.Launch(RouterKind.Fpty, At(Wire.Raw, string.Format(null, address, port)));

        Assert.NotEqual(0, await process.ExpectExitAsync());
        await process.Log.ExpectAsync("insecure-tcp");
    }

    private static RouterSetup At(Wire wire, string address) =>
        wire == Wire.Raw ? new RouterSetup { RawAddress = address } : new RouterSetup { UwsgiAddress = address };

    internal static int FreePort(IPAddress? address = null)
    {
        using var listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
