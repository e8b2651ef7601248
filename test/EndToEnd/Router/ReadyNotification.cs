using System.Net.Sockets;
using System.Text;

namespace Forkpty.EndToEnd;

public sealed class ReadyNotification
{
    [Fact(Timeout = Patience.Test)]
    public async Task Systemd_is_told_when_the_sockets_listen_and_when_the_end_begins()
    {
        using var directory = new TempDirectory();
        using var notify = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        notify.Bind(new UnixDomainSocketEndPoint(directory["notify"]));
        var setup = new RouterSetup { Environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = directory["notify"] } };
        await using var process = RouterProcess.Launch(RouterKind.Fpty, setup);

        await ExpectAsync(notify, "READY=1");
        await process.WaitUntilListeningAsync(process.UwsgiAddress, TimeSpan.Zero);

        await process.SignalAsync("TERM");
        await ExpectAsync(notify, "STOPPING=1");
        Assert.Equal(0, await process.ExpectExitAsync());
    }

    private static async Task ExpectAsync(Socket notify, string line)
    {
        using var deadline = new CancellationTokenSource(Patience.Expectation);
        var buffer = new byte[4096];
        string[] lines;
        do
            lines = Encoding.UTF8.GetString(buffer, 0, await notify.ReceiveAsync(buffer, deadline.Token)).Split('\n');
        while (!lines.Contains(line));
    }
}
