using System.Diagnostics;
using System.Security.Cryptography;
using Forkpty.Client;
using Forkpty.Protocol;
using Xunit;

namespace Forkpty.Tests;

public sealed class FlowTests
{
    [Theory(Timeout = 150_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_router_that_reads_slowly_never_finds_two_packets_in_one_read(bool tcp)
    {
        using TestRouter router = TestRouter.Listen(WireMode.Uwsgi, tcp);
        byte[] paste = RandomText(60_000);
        await using TestTerminal terminal = await TestTerminal.StartClientAsync(router, escape: "none");
        await router.Accept();
        await terminal.WaitFor("connected");
        var watch = Stopwatch.StartNew();
        Task typing = terminal.Type(paste);
        while (router.Input.Count < paste.Length)
        {
            await Task.Delay(tcp ? 0 : router.Reads.Count % 3 * 4); // now at once, now late
            Assert.True(await router.Read());
        }

        await typing;
        Assert.Equal(paste, router.Input);
        Assert.Equal(["Rows 24", "Columns 80"], router.Packets[..2]);
        Assert.All(router.Packets[2..], packet => Assert.StartsWith("Stdin ", packet, StringComparison.Ordinal));

        if (tcp)
        {
            // A reader that got no processor for long cannot be told from one that has read. What can be told is the pause after each packet.
            Assert.InRange(watch.ElapsedMilliseconds, 10 * (router.Packets.Count - 4), 60_000);
            return;
        }

        // The first read has the pair of the window, every other one a packet: one packet more than reads.
        Assert.Equal(router.Packets.Count - 1, router.Reads.Count);
        Assert.Equal(8, router.Reads[0]);
        Assert.All(router.Reads, read => Assert.InRange(read, 1, 4096));
    }

    [Fact(Timeout = 150_000)]
    public async Task Sizes_that_come_faster_than_the_router_reads_become_one()
    {
        using TestRouter router = TestRouter.Listen(WireMode.Uwsgi);
        await using TestTerminal terminal = await TestTerminal.StartClientAsync(router, new WindowSize(20, 70));
        await router.Accept();
        await router.ReadUntil(() => router.Packets.Count == 2);
        for (ushort rows = 21; rows <= 60; rows++)
            terminal.Resize(new WindowSize(rows, (ushort)(rows * 2)));
        await router.ReadUntil(() => router.Packets.Count > 2 && router.Packets[^1] == "Columns 120");
        Assert.Equal(["Rows 20", "Columns 70"], router.Packets[..2]);
        Assert.Equal("Rows 60", router.Packets[^2]);
        Assert.InRange(router.Packets.Count, 4, 12);
        Assert.All(router.Reads, read => Assert.Equal(8, read));
    }

    [Fact(Timeout = 150_000)]
    public async Task A_keystroke_is_one_read_and_its_echo_appears()
    {
        using TestRouter router = TestRouter.Listen(WireMode.Uwsgi);
        await using TestTerminal terminal = await TestTerminal.StartClientAsync(router);
        await router.Accept();
        await router.Read();
        await terminal.WaitFor("connected");
        foreach (char key in "q\u0003\u001c\u001a\u0011\u0013\u0004\u007f\u0016\r\n")
        {
            int before = router.Reads.Count;
            await terminal.Type(key.ToString());
            await router.Read();
            Assert.Equal(5, router.Reads[before]);
            Assert.Equal((byte)key, router.Input[^1]);
        }

        await router.Send("e\n\r\tcho");
        await terminal.WaitFor("e\n\r\tcho"); // no byte changed on the way out
        router.Close();
        await terminal.WaitFor("finished");
    }

    [Theory(Timeout = 150_000)]
    [InlineData(WireMode.Raw)]
    [InlineData(WireMode.Uwsgi)]
    public async Task A_mebibyte_goes_in_and_out_through_pipes(WireMode mode)
    {
        using TestRouter router = TestRouter.Listen(mode);
        byte[] content = RandomText(1 << 20);
        await File.WriteAllBytesAsync($"{router.Directory}/in", content);
        Task<string> client = Task.Run(() => Shell.Run(
            $"cat {router.Directory}/in | {TestTerminal.Executable} client {router.Address} {mode} '~' | cat > {router.Directory}/out"));
        await router.Accept();
        await router.ReadUntil(() => router.Input.Count >= content.Length);
        await router.Send(content);
        router.Close();
        Assert.Equal("", await client);
        Assert.Equal(SHA256.HashData(content), SHA256.HashData([.. router.Input.Take(content.Length)]));
        Assert.Equal(SHA256.HashData(content), SHA256.HashData(await File.ReadAllBytesAsync($"{router.Directory}/out")));
    }

    [Theory(Timeout = 150_000)]
    [InlineData("printf 'tail\\n~.x' |")]
    [InlineData("")]
    public async Task At_the_end_of_input_the_program_is_told_so_until_it_ends(string before)
    {
        using TestRouter router = TestRouter.Listen(WireMode.Uwsgi);
        Task<(string Output, int Status)> client = Task.Run(() =>
        {
            string output = Shell.Run($"{before} {TestTerminal.Executable} client {router.Address} Uwsgi '~' {(before.Length == 0 ? "< /dev/null" : "")}", out int status);
            return (output, status);
        });
        await router.Accept();
        await router.ReadUntil(() => router.Input.Count(b => b == EndOfInput.Character) == 4);
        Assert.Equal(before.Length == 0 ? "\u0004\u0004\u0004\u0004" : "tail\n~.x\u0004\u0004\u0004\u0004", System.Text.Encoding.ASCII.GetString([.. router.Input]));
        await router.Send("last words");
        router.Close();
        Assert.Equal(("last words", 0), await client);
    }

    [Fact(Timeout = 150_000)]
    public async Task Where_stdout_takes_nothing_the_router_is_held_back_and_the_keyboard_still_works()
    {
        using TestRouter router = TestRouter.Listen(WireMode.Raw);
        string pipe = $"{router.Directory}/pipe";
        Shell.Run($"mkfifo {pipe}");
        await using TestTerminal terminal = await TestTerminal.StartClientAsync(router, redirect: $"3<>{pipe} >{pipe}"); // held open, never read
        await router.Accept();
        await terminal.WaitFor("connected");

        // A pipe of 64 KB, a chunk of 16 KB, two socket buffers of about 208 KB.
        Assert.InRange(router.SendUntilRefused(), 64 * 1024, 700 * 1024);

        await terminal.Type("\u0003");
        await router.Read();
        Assert.Equal([3], router.Input);
        await terminal.Type("\r~.");
        await terminal.WaitFor("finished");
        Assert.Equal(0, terminal.ClientStatus);
    }

    [Fact(Timeout = 150_000)]
    public async Task A_router_that_reads_nothing_holds_the_keyboard_back_and_a_signal_still_ends_it()
    {
        using TestRouter router = TestRouter.Listen(WireMode.Raw);
        await File.WriteAllBytesAsync($"{router.Directory}/in", new byte[4 << 20]);
        Task<string> client = Task.Run(() => Shell.Run(
            $"sh -c 'echo $$ > {router.Directory}/pid; exec \"$@\"' sh {TestTerminal.Executable} client {router.Address} Raw '~' < {router.Directory}/in; echo $?"));
        await router.Accept();
        string pid = (await File.ReadAllTextAsync($"{router.Directory}/pid")).Trim();
        long read = -1;
        for (long now = 0; now != read || now == 0; now = ReadBytes(pid))
        {
            read = now;
            await Task.Delay(300); // a client that reads on does so in every turn of its loop
        }

        Assert.InRange(read, 1, 1_000_000);
        Shell.Run($"kill -TERM {pid}");
        Assert.Equal("143\n", await client);
    }

    [Fact(Timeout = 150_000)]
    public async Task A_reader_that_leaves_ends_the_client_as_any_program_in_a_pipe()
    {
        using TestRouter router = TestRouter.Listen(WireMode.Raw);
        await using TestTerminal terminal = await TestTerminal.StartAsync(
            $"bash -c '{TestTerminal.Executable} client {router.Address} Raw none | head -c 5; echo status:$PIPESTATUS; echo finished'");
        await router.Accept();
        await router.Send("12345");
        await terminal.WaitFor("12345");
        for (int i = 0; i < 1_000 && !terminal.Screen.Contains("finished", StringComparison.Ordinal); i++)
        {
            try
            {
                await router.Send("more");
            }
            catch (System.Net.Sockets.SocketException)
            {
                break;
            }

            await Task.Delay(5); // gives head the processor to end, after which a write is a SIGPIPE
        }

        await terminal.WaitFor("finished");
        Assert.Equal(141, terminal.ClientStatus);
    }

    [Fact(Timeout = 150_000)]
    public async Task Descriptors_that_may_be_shared_stay_as_they_are()
    {
        using TestRouter router = TestRouter.Listen(WireMode.Raw);
        await using TestTerminal terminal = await TestTerminal.StartClientAsync(router);
        await router.Accept();
        await terminal.WaitFor("connected");
        await router.Send("ready");
        await terminal.WaitFor("ready");
        for (int fd = 0; fd <= 2; fd++)
        {
            string flags = File.ReadLines($"/proc/{terminal.ClientPid}/fdinfo/{fd}").First(line => line.StartsWith("flags:", StringComparison.Ordinal));
            Assert.Equal(0, Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & 0x800); // O_NONBLOCK
        }

        terminal.Signal("TERM");
        await terminal.WaitFor("finished");
    }

    /// <summary>How far the client is in the file that is its stdin.</summary>
    private static long ReadBytes(string pid) =>
        long.Parse(File.ReadLines($"/proc/{pid}/fdinfo/0").First(line => line.StartsWith("pos:", StringComparison.Ordinal))["pos:".Length..], null);

    private static byte[] RandomText(int length)
    {
        byte[] text = new byte[length];
        var random = new Random(length);
        for (int i = 0; i < length; i++)
            text[i] = (byte)random.Next(' ', '~' + 1);
        return text;
    }
}
