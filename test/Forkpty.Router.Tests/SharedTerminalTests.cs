using System.Net.Sockets;
using Forkpty.Protocol;
using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

public sealed class SharedTerminalTests
{
    /// <summary>
    /// More than the sockets between router and client hold (208 KiB in large pieces, less than half of that in small ones), and less behind than a client may be while the program runs (256 KiB).
    /// </summary>
    private const int Output = 300_000;

    [Fact(Timeout = Patience.Test)]
    public async Task A_client_that_does_not_take_the_last_output_is_cut_off()
    {
        Assert.SkipUnless(int.Parse(await File.ReadAllTextAsync("/proc/sys/net/core/wmem_default"), null) <= 212_992, "sockets hold more here than the program says");
        using var directory = new TempDirectory();
        var log = new RecordingLog();
        var shared = new SharedTerminalOptions(RouterAddress.Parse(directory["s"]))
        {
            Command = $"stty raw -echo; read line; head -c {Output} /dev/zero; exit 0",
            LeaveLimit = 200,
        };
        await using var router = new Router(new RouterOptions { SharedTerminal = shared }, log);
        router.Start();
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(directory["s"]));
        await client.SendAsync("\n"u8.ToArray());

        await Patience.UntilAsync(() => log.Lines.Any(line => line.Contains("was cut off", StringComparison.Ordinal)), "the end of its patience");

        int read = 0, count;
        byte[] buffer = new byte[65_536];
        while ((count = await client.ReceiveAsync(buffer)) > 0)
            read += count;
        Assert.InRange(read, 1, Output - 1);
    }
}
