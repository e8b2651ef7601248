using System.Security.Cryptography;

namespace Forkpty.EndToEnd;

public sealed class FullDuplex
{
    [Theory(Timeout = Patience.Test), Pairs(SocketOnly = true, OurRouterOnly = true)]
    public async Task A_client_that_does_not_read_can_still_interrupt(ClientKind client, RouterKind router, Wire wire)
    {
        _ = client;
        await using var process = await RouterProcess.StartAsync(router, new RouterSetup { Command = "trap : INT; yes; echo over-$((1+1)); cat" });
        await using var socket = await SocketClient.ConnectAsync(process.Address(wire), wire, read: false);
        await FloodStandsStillAsync(process);

        await socket.TypeAsync("\x03");
        await Patience.UntilAsync(() => !ProcessNames(process).Contains("yes"), "the end of yes by Ctrl-C");

        socket.StartReading();
        await socket.Output.ExpectAsync("over-2");
    }

    [Theory(Timeout = Patience.Test), Pairs(SocketOnly = true, OurRouterOnly = true)]
    public async Task A_client_that_writes_2_MB_before_it_reads_is_not_deadlocked(ClientKind client, RouterKind router, Wire wire)
    {
        _ = client;
        const int Size = 2_000_000;
        const int Payload = 40_000;
        var data = new byte[Size];
        new Random(7).NextBytes(data);
        var setup = new RouterSetup { Command = $"stty raw -echo; echo go; head -c {Size} | tee /dev/tty | sha256sum" };
        await using var process = await RouterProcess.StartAsync(router, setup);
        await using var socket = await SocketClient.ConnectAsync(process.Address(wire), wire, read: false);
        await Patience.UntilAsync(() => ProcessNames(process).Contains("head"), "the program in raw mode");
        var bytes = wire == Wire.Raw ? data : [.. data.Chunk(Payload).SelectMany(c => SocketClient.Packet(0, (ushort)c.Length, c))];

        // The program's copy of it all fills the way back, so that the router takes no more until the client reads.
        var taken = await socket.SendWhileTakenAsync(bytes, TimeSpan.FromMilliseconds(500));
        Assert.True(taken < bytes.Length, "the router has taken 2 MB for a client that does not read: where does it keep them?");
        socket.StartReading();
        await socket.SendBytesAsync(bytes.AsMemory(taken));

        await socket.Output.ExpectEndAsync();
        var text = socket.Output.Text;
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(data)), text[^80..], StringComparison.Ordinal);
        Assert.InRange(text.Length, Size + 60, Size + 100);
    }

    private static async Task FloodStandsStillAsync(RouterProcess process)
    {
        await Patience.UntilAsync(() => ProcessNames(process).Contains("yes"), "yes in the session");
        var yes = ProcessFacts.Descendants(process.ServingProcessId).First(p => ProcessFacts.Status(p, "Name") == "yes");
        var (before, since) = (-1L, Environment.TickCount64);
        await Patience.UntilAsync(
            () =>
            {
                var now = ProcessFacts.ProcessorTicks(yes);
                if (now != before)
                    (before, since) = (now, Environment.TickCount64);
                return Environment.TickCount64 - since > 200 && ProcessFacts.State(yes) == 'S';
            },
            "the standstill of a flood that nobody reads");
    }

    private static List<string> ProcessNames(RouterProcess process) =>
        [.. ProcessFacts.Descendants(process.ServingProcessId).Where(ProcessFacts.IsAlive).Select(p => ProcessFacts.Status(p, "Name"))];
}
