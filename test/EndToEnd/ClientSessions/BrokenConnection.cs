using System.Security.Cryptography;
using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd.ClientSessions;

public sealed class BrokenConnection
{
    private const int Size = 50_000_000;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Extent.Of(1, 20))];

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Seeds))]
    public async Task A_hundred_breaks_in_50_MB_each_way_lose_and_repeat_no_byte(int seed)
    {
        const int Breaks = 100;
        using var directory = new TempDirectory();
        var typed = new byte[Size];
        var shown = new byte[Size];
        new Random(seed).NextBytes(typed);
        new Random(1_000 + seed).NextBytes(shown);
        await File.WriteAllBytesAsync(directory["typed"], typed);
        await File.WriteAllBytesAsync(directory["shown"], shown);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var proxy = new CuttingProxy(directory["proxy"], router.UwsgiAddress, Breaks, 2L * Size * 2 / Breaks * 3 / 4, seed);

        var program = $"stty raw -echo; printf go; cat {directory["shown"]} & head -c {Size} | sha256sum; wait; exit 5";
        var result = await Command.RunAsync(
            ["/bin/sh", "-c", $"(until grep -qs go $D/out; do :; done; cat $D/typed) | {Binaries.Fpty} connect --keep $D/proxy -- sh -c '{program}' >$D/out"],
            within: TimeSpan.FromSeconds(240),
            environment: new Dictionary<string, string> { ["D"] = directory.Root });

        Assert.Equal(5, result.Status);
        Assert.Equal(Breaks, proxy.Cut);
        var output = (await File.ReadAllBytesAsync(directory["out"]))["go".Length..];
        var sum = System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(typed)) + "  -\n");
        var at = output.AsSpan().IndexOf(sum); // sha256sum's line comes when its input has ended, wherever cat is by then
        Assert.True(at >= 0, "the sum of what was typed");
        byte[] rest = [.. output[..at], .. output[(at + sum.Length)..]];
        Assert.Equal(Size, rest.Length);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(shown)), Convert.ToHexStringLower(SHA256.HashData(rest)));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task At_the_end_of_the_program_it_costs_neither_its_last_lines_nor_its_status()
    {
        const int Lines = 800; // 3,890 bytes
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        var expected = string.Concat(Enumerable.Range(1, Lines).Select(i => $"{i}\r\n"));
        long whole = 0;
        var cut = 0;

        // EXIT has 14 bytes, after the output. How much is sent in all differs by some bytes, with the numbers and with the pieces in which the output comes.
        foreach (var missing in (int[])[0, 1, 2, 5, 10, 13, 14, 15, 16, 20, 30, 60, 100, 300, 1000])
        {
            var left = whole - missing;
            await using var proxy = new CuttingProxy(directory["proxy"], router.UwsgiAddress, missing == 0 ? 0 : 1, left + 1, seed: 1, leastBetween: left);

            var result = await Command.RunAsync([Binaries.Fpty, "connect", "--keep", directory["proxy"], "--", "sh", "-c", $"seq 1 {Lines}; exit 7"]);

            Assert.True(result.Status == 7, $"{result.Status} with {missing} bytes missing: {result.Error}");
            Assert.Equal(expected, result.Output);
            cut += proxy.Cut;
            whole = missing == 0 ? proxy.Passed : whole;
            File.Delete(directory["proxy"]);
        }

        Assert.InRange(cut, 4, 14); // the last four for certain
    }

    [Fact(Timeout = Patience.Test)]
    public async Task On_a_terminal_it_is_told_and_the_screen_is_drawn_again()
    {
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var proxy = new CuttingProxy(directory["proxy"], router.UwsgiAddress, cuts: 1, mostBetween: 4_000, seed: 2);
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "connect", "--name", "work", "--keep", directory["proxy"], "--", "bash", "--norc"]);
        await terminal.ExpectRawAsync();

        await terminal.TypeAsync("for i in $(seq 300); do echo line-$i; done; echo over-$((1+1))\r");

        await terminal.Output.ExpectAsync("connection lost; trying again (Ctrl-C gives up)");
        await terminal.Output.ExpectAsync("connected again");
        await terminal.Output.ExpectAsync("over-2");
        await terminal.TypeAsync("exit 6\r");
        Assert.Equal(6, await terminal.ExpectExitAsync());
        Assert.Equal(terminal.FirstSettings, await terminal.SettingsAsync());
    }
}
