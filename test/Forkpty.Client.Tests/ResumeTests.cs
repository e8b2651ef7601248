using System.Diagnostics;
using Forkpty.Protocol;
using Xunit;

namespace Forkpty.Tests;

/// <summary>A connection that is lost in the middle of a kept session.</summary>
public sealed class ResumeTests
{
    private const string Named = """{"session":"build","on-disconnect":"keep"}""";

    [Fact(Timeout = 150_000)]
    public async Task A_lost_connection_is_made_again_and_goes_on_where_it_was()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await OpenAsync(router);
        await router.SendOutput("0123456789");
        await terminal.WaitFor("0123456789");
        await terminal.Type("abcdef");
        await router.ReadInput("abcdef");
        await router.Acknowledge(2);
        router.Close();

        await terminal.WaitFor("\r\nfpty: connection lost; trying again (Ctrl-C gives up)\r\n");
        Assert.Contains("-icanon", terminal.Settings(), StringComparison.Ordinal);
        Assert.Equal("24x80", await router.Accept());
        await terminal.Type("gh");
        OpenRequest open = await router.Greet();
        Assert.Equal(("t0ken", 10L, "build", OpenMode.Attach), (open.Resume, open.Received, open.Session, open.Mode));

        await router.SendOpened(SessionRouter.Kept() with { Offset = 10, Input = 4 });
        await router.SendOutput("tail");
        await terminal.WaitFor("connected again");
        await terminal.WaitFor("tail");
        await router.Expect(SessionPacketType.Redraw); // which paints over what was said
        await router.ReadInput("abcdefefgh"); // ef had been sent, and not been taken
        await router.SendExit(new SessionEnd { Code = 0 });
        await terminal.WaitFor("finished");
        Assert.Equal(0, terminal.ClientStatus);
    }

    [Fact(Timeout = 150_000)]
    public async Task What_was_cut_in_the_middle_of_a_packet_counts_as_far_as_it_has_come()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await OpenAsync(router);
        byte[] packet = SessionPacketWriter.Packet(SessionPacketType.Data, "0123456789"u8);
        await router.SendBytes(packet.AsMemory(0, packet.Length - 3));
        await terminal.WaitFor("0123456");
        router.Close();
        OpenRequest open = await router.AcceptOpen();
        Assert.Equal(7, open.Received);
        await router.SendOpened(SessionRouter.Kept() with { Offset = 20, Gap = 13 });
        await terminal.WaitFor("connected again; 13 bytes of output are lost");
        await router.SendOutput("after");
        await terminal.WaitFor("after");
        router.Close();
        open = await router.AcceptOpen();
        Assert.Equal(25, open.Received);
        await router.SendOpened(SessionRouter.Kept() with { Offset = 25 });
        await router.SendExit(new SessionEnd { Code = 5 });
        await terminal.WaitFor("finished");
        Assert.Equal(5, terminal.ClientStatus);
    }

    [Theory(Timeout = 150_000)]
    [InlineData("\u0003", true, "did not regain it; the session goes on: fpty attach build ")]
    [InlineData("\r~.", true, "did not regain it; the session goes on: fpty attach build ")]
    [InlineData("\r~.", false, "nobody answers there any more; where a router runs again, fpty ps {address} tells whether the session build is still there")]
    public async Task A_person_can_give_up(string keys, bool isThere, string sentence)
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await OpenAsync(router);
        if (!isThere) router.StopListening();
        router.Close();
        await terminal.WaitFor("trying again");
        await terminal.Type(keys);
        await terminal.WaitFor(sentence.Replace("{address}", router.Address, StringComparison.Ordinal));
        await terminal.WaitFor("finished");
        Assert.Equal(254, terminal.ClientStatus);
        Assert.Equal(await File.ReadAllTextAsync($"{router.Directory}/before"), await File.ReadAllTextAsync($"{router.Directory}/after"));
    }

    [Theory(Timeout = 150_000)]
    [InlineData(1.5, true)]
    [InlineData(0, false)]
    public async Task It_is_tried_for_the_time_that_was_given(double seconds, bool isTried)
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await OpenAsync(router, seconds);
        router.StopListening();
        var watch = Stopwatch.StartNew();
        router.Close();
        await terminal.WaitFor("finished");
        Assert.InRange(watch.Elapsed.TotalSeconds, seconds - 0.1, seconds + 60);
        Assert.Equal(254, terminal.ClientStatus);
        Assert.Equal(isTried, terminal.Screen.Contains("trying again", StringComparison.Ordinal));
    }

    [Fact(Timeout = 150_000)]
    public async Task A_connection_that_is_lost_before_the_session_is_there_is_one_more_attempt()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await OpenAsync(router);
        router.Close();
        await router.Accept();
        router.Close();
        await router.AcceptOpen();
        router.Close();
        OpenRequest open = await router.AcceptOpen();
        Assert.Equal("t0ken", open.Resume);
        await router.SendOpened(SessionRouter.Kept());
        await router.SendExit(new SessionEnd { Code = 0 });
        await terminal.WaitFor("finished");
        Assert.Equal(0, terminal.ClientStatus);
        Assert.Equal(2, terminal.Screen.Split("trying again").Length);
    }

    [Fact(Timeout = 150_000)]
    public async Task A_session_that_is_gone_meanwhile_is_the_end()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await OpenAsync(router);
        router.Close();
        await router.AcceptOpen();
        await router.Send(SessionPacketType.Error, new SessionError("unknown-session", "there is no session build").ToPayload());
        await terminal.WaitFor("fpty: there is no session build");
        await terminal.WaitFor("finished");
        Assert.Equal(254, terminal.ClientStatus);
    }

    [Fact(Timeout = 150_000)]
    public async Task The_end_of_input_is_said_again()
    {
        using var router = new SessionRouter();
        Task<int> client = Task.Run(() =>
        {
            Shell.Run($"printf abc | {TestTerminal.Executable} client {router.Address} Uwsgi none '{Named}'", out int status);
            return status;
        });
        await router.AcceptOpen();
        await router.SendOpened(SessionRouter.Kept());
        await router.Expect(SessionPacketType.EndOfInput);
        router.Close();
        await router.AcceptOpen();
        await router.SendOpened(SessionRouter.Kept() with { Input = 1 });
        await router.Expect(SessionPacketType.EndOfInput);
        Assert.Equal("abcbc", router.InputText);
        await router.SendExit(new SessionEnd { Code = 4 });
        Assert.Equal(4, await client);
    }

    [Fact(Timeout = 300_000)]
    public async Task Over_TCP_a_router_that_says_nothing_more_is_lost()
    {
        using var router = new SessionRouter(tcp: true);
        await using TestTerminal terminal = await OpenAsync(router);
        var watch = Stopwatch.StartNew();
        SessionRouter.Received ping = await router.Expect(SessionPacketType.Ping);
        await router.Send(SessionPacketType.Pong, ping.Payload);
        Task lost = terminal.WaitFor("connection lost", TimeSpan.FromSeconds(90));
        for (int i = 0; i < 3; i++)
            await router.Expect(SessionPacketType.Ping);
        await lost;
        Assert.InRange(watch.Elapsed.TotalSeconds, 18, 90); // answered after 5 s, then 15 s of silence
        await router.AcceptOpen();
        await router.SendOpened(SessionRouter.Kept());
        await router.SendExit(new SessionEnd { Code = 0 });
        await terminal.WaitFor("finished");
    }

    private static async Task<TestTerminal> OpenAsync(SessionRouter router, double reconnect = 60)
    {
        TestTerminal terminal = await TestTerminal.StartSessionAsync(router, Named, reconnect);
        await router.AcceptOpen();
        await router.SendOpened(SessionRouter.Kept());
        await terminal.WaitFor("session build");
        return terminal;
    }
}
