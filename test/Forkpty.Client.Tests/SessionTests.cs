using System.Text;
using Forkpty.Protocol;
using Xunit;

namespace Forkpty.Tests;

/// <summary>The client in the session protocol: what it asks for, and what becomes of the answers.</summary>
public sealed class SessionTests
{
    private const string Piped = """{"terminal":false,"command":["cat"]}""";
    private const string Named = """{"session":"build","on-disconnect":"keep"}""";

    [Fact(Timeout = 150_000)]
    public async Task A_router_that_greets_is_asked_for_a_session_with_TERM_and_window()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartAsync(
            $"TERM=vt999 {TestTerminal.Executable} client {router.Address} Uwsgi '~'; echo status:$?; echo finished", new WindowSize(31, 97));
        Assert.Equal("31x97", await router.Accept());
        OpenRequest open = await router.Greet();
        Assert.Equal("vt999", open.Term);
        Assert.Null(open.Session);
        Assert.Null(open.Command);

        await router.SendOpened(SessionRouter.Plain);
        await router.SendOutput("out\e[1mput");
        await terminal.WaitFor("out\e[1mput");
        await terminal.Type("keys");
        await router.ReadInput("keys");
        await router.SendExit(new SessionEnd { Code = 3 });
        await terminal.WaitFor("finished");
        Assert.Equal(3, terminal.ClientStatus);
    }

    [Fact(Timeout = 150_000)]
    public async Task A_client_that_was_late_with_its_offer_connects_again()
    {
        using var router = new SessionRouter();
        using var first = router.Fill();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router, Named);
        while (!Shell.Run($"cat /proc/{terminal.ClientPid}/wchan").Contains("unix_wait_for_peer", StringComparison.Ordinal))
            await Task.Delay(5);
        await Task.Delay(150); // the stimulus: the client has been connecting for longer than a router waits for its offer

        await router.PassAsUwsgi(); // who filled the queue
        await router.PassAsUwsgi(); // the client's first connection
        OpenRequest open = await router.AcceptOpen();

        Assert.Equal("build", open.Session);
        await router.SendOpened(SessionRouter.Kept());
        await router.SendExit(new SessionEnd { Code = 4 });
        await terminal.WaitFor("status:4");
        Assert.DoesNotContain("$ ", terminal.Screen, StringComparison.Ordinal);
    }

    [Fact(Timeout = 150_000)]
    public async Task Keys_before_the_greeting_are_plain_input_and_open_the_default_session()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router);
        await router.Accept();
        await terminal.WaitFor("connected");
        await terminal.Type("early");
        await router.ReadInput("early");
        await router.Send(SessionPacketType.Hello, new Hello().ToPayload());
        await router.SendOpened(SessionRouter.Plain);
        await router.SendOutput("open");
        await terminal.WaitFor("open"); // the greeting has been heard, for what follows it has
        await terminal.Type("late");
        SessionRouter.Received next = await router.Next();
        Assert.Equal((true, SessionPacketType.Data), (next.IsSession, next.Type)); // and no OPEN, which would be an error now
        await router.ReadInput("earlylate");
        await router.SendExit(new SessionEnd { Code = 0 });
        await terminal.WaitFor("status:0");
    }

    [Fact(Timeout = 150_000)]
    public async Task Who_asks_for_more_keeps_the_keys_until_the_greeting()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router, Named);
        await router.Accept();
        while (!terminal.Settings().Contains("-icanon", StringComparison.Ordinal))
            await Task.Delay(5);
        await terminal.Type("early");
        await router.SendHello();
        SessionRouter.Received next = await router.Next(); // before any input
        Assert.Equal(SessionPacketType.Open, next.Type);
        Assert.True(OpenRequest.TryRead(next.Payload, out OpenRequest? open));
        Assert.Equal(("build", OpenMode.New, OnDisconnect.Keep), (open.Session, open.Mode, open.OnDisconnect));
        await router.SendOpened(SessionRouter.Kept());
        await terminal.WaitFor("session build");
        await terminal.WaitFor("goes on when you leave");
        await router.ReadInput("early");
        await router.SendExit(new SessionEnd { Signal = 9 });
        await terminal.WaitFor("finished");
        Assert.Equal(137, terminal.ClientStatus);
        Assert.Equal(await File.ReadAllTextAsync($"{router.Directory}/before"), await File.ReadAllTextAsync($"{router.Directory}/after"));
    }

    [Theory(Timeout = 150_000)]
    [InlineData("$ ", "does not know sessions")]
    [InlineData("\u00f5^X^@d\u00f5P^@e$ ", "does not know sessions")] // the terminal behind a raw socket echoes the offer
    [InlineData("", "does not answer")]
    public async Task Who_asks_for_more_ends_where_the_router_cannot_do_it(string word, string sentence)
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router, Named);
        await router.Accept();
        await router.SendBytes(Encoding.Latin1.GetBytes(word));
        await terminal.WaitFor(sentence);
        await terminal.WaitFor("finished");
        Assert.Equal(255, terminal.ClientStatus);
        Assert.DoesNotContain("$ ", terminal.Screen, StringComparison.Ordinal);
    }

    [Fact(Timeout = 150_000)]
    public async Task Ctrl_C_ends_the_wait_for_a_session()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router, Named);
        await router.AcceptOpen();
        await terminal.Type("\u0003");
        await terminal.WaitFor("finished");
        Assert.Equal(130, terminal.ClientStatus);
    }

    [Fact(Timeout = 150_000)]
    public async Task A_refusal_is_the_routers_sentence_and_status_255()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router, Named);
        await router.AcceptOpen();
        await router.Send(SessionPacketType.Error, new SessionError("name-taken", "there is a session build already").ToPayload());
        await terminal.WaitFor("fpty: there is a session build already");
        await terminal.WaitFor("finished");
        Assert.Equal(255, terminal.ClientStatus);
    }

    [Theory(Timeout = 150_000)]
    [InlineData("""{"code":0}""", 0, "")]
    [InlineData("""{"code":255}""", 255, "")]
    [InlineData("""{"signal":15}""", 143, "")]
    [InlineData("""{"signal":11,"core":true}""", 139, "")]
    [InlineData("""{"reason":"detached"}""", 0, "fpty: left build, which goes on; fpty attach build ")]
    [InlineData("""{"reason":"taken"}""", 254, "fpty: another client has taken the session build; fpty attach --take build {address} takes it back")]
    [InlineData("""{"reason":"hung-up"}""", 254, "fpty: the session build was ended by fpty kill")]
    [InlineData("""{"reason":"stopping"}""", 254, "was stopped, and the session build with it")]
    [InlineData("{}", 254, "fpty: the session build has ended, and its router does not know how")]
    public async Task How_the_session_ends_is_the_status(string end, int status, string sentence)
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router, Named);
        await router.AcceptOpen();
        await router.SendOpened(SessionRouter.Kept());
        await router.SendOutput("\e[?1049hlast words");
        await router.Send(SessionPacketType.Exit, Encoding.UTF8.GetBytes(end));
        router.Close();
        await terminal.WaitFor("last words");
        await terminal.WaitFor("\e[?1049l");
        await terminal.WaitFor("finished");
        Assert.Equal(status, terminal.ClientStatus);
        Assert.Contains(sentence.Replace("{address}", router.Address, StringComparison.Ordinal), terminal.Screen, StringComparison.Ordinal);
        Assert.Equal(end.Contains("detached", StringComparison.Ordinal), terminal.Screen.Contains("fpty: left", StringComparison.Ordinal));
    }

    [Fact(Timeout = 150_000)]
    public async Task A_session_that_is_not_kept_is_lost_with_its_connection()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router);
        await router.AcceptOpen();
        await router.SendOpened(SessionRouter.Plain);
        await router.SendOutput("here");
        await terminal.WaitFor("here");
        router.Close();
        await terminal.WaitFor("fpty: lost the connection to");
        await terminal.WaitFor("finished");
        Assert.Equal(254, terminal.ClientStatus);
    }

    [Fact(Timeout = 150_000)]
    public async Task A_screen_is_shown_and_a_notice_too_but_not_over_a_program_that_has_the_screen()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router, Named);
        await router.AcceptOpen();
        await router.SendOpened(SessionRouter.Kept());
        await router.Send(SessionPacketType.Screen, "\ecpainted"u8.ToArray());
        await terminal.WaitFor("\ecpainted");
        await router.Send(SessionPacketType.Notice, new Notice("attached", "somebody has come").ToPayload());
        await terminal.WaitFor("\r\nfpty: somebody has come\r\n");
        await router.SendOutput("\e[?1049h");
        await router.Send(SessionPacketType.Notice, new Notice("left", "somebody has gone").ToPayload());
        await router.SendOutput("vim");
        await terminal.WaitFor("vim");
        Assert.DoesNotContain("somebody has gone", terminal.Screen, StringComparison.Ordinal);
        await terminal.Type("\r~s");
        await terminal.WaitFor("session build");
        await terminal.WaitFor("last: somebody has gone");
        await router.SendExit(new SessionEnd { Code = 0 });
        await terminal.WaitFor("finished");
    }

    [Fact(Timeout = 150_000)]
    public async Task The_escapes_of_a_session_detach_redraw_and_help()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router, Named);
        await router.AcceptOpen();
        await router.SendOpened(SessionRouter.Kept());
        await terminal.WaitFor("session build");
        await terminal.Type("~r");
        await router.Expect(SessionPacketType.Redraw);

        await terminal.Type("~?");
        await terminal.WaitFor("d   leave; the session goes on");
        await terminal.Type("~~\r");
        await router.ReadInput("~\r");

        await terminal.Type("~d");
        await router.Expect(SessionPacketType.Detach);
        await router.SendExit(new SessionEnd { Reason = SessionEnd.Detached });
        await terminal.WaitFor("finished");
        Assert.Equal(0, terminal.ClientStatus);
    }

    [Fact(Timeout = 150_000)]
    public async Task Detaching_from_what_is_not_kept_is_refused_and_the_session_goes_on()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router);
        await router.AcceptOpen();
        await router.SendOpened(SessionRouter.Plain);
        await router.SendOutput("here");
        await terminal.WaitFor("here");
        await terminal.Type("~d");
        await router.Expect(SessionPacketType.Detach);
        await router.SendOutput("\e[?1049h");
        await router.Send(SessionPacketType.Notice, new Notice("not-kept", "this session ends when you leave").ToPayload());
        await terminal.WaitFor("fpty: this session ends when you leave");
        await terminal.Type("on");
        await router.ReadInput("on");
        await router.SendExit(new SessionEnd { Code = 0 });
        await terminal.WaitFor("finished");
    }

    [Fact(Timeout = 150_000)]
    public async Task What_becomes_of_a_session_is_told_at_its_beginning_also_of_one_that_nobody_asked_for()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router);
        await router.AcceptOpen();
        await router.SendOpened(SessionRouter.Plain);
        await terminal.WaitFor("(Enter ~ . disconnects)");
        await terminal.WaitFor("fpty: session 1; it ends when you leave\r\n");
        await router.SendExit(new SessionEnd { Code = 0 });
        await terminal.WaitFor("finished");
    }

    [Fact(Timeout = 150_000)]
    public async Task A_line_that_looks_like_an_escape_in_the_middle_of_what_is_pasted_is_typed()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router, Named);
        await router.AcceptOpen();
        await router.SendOpened(SessionRouter.Kept());
        await terminal.WaitFor("session build");
        await terminal.Type("first\r~.\rlast\r");
        await router.ReadInput("first\r~.\rlast\r");
        await terminal.Type("~.\r");
        await terminal.WaitFor("finished");
        Assert.Equal(0, terminal.ClientStatus);
        Assert.Equal("first\r~.\rlast\r", router.InputText);
    }

    [Theory(Timeout = 150_000)]
    [InlineData("INT", 2)]
    [InlineData("QUIT", 3)]
    [InlineData("TERM", 15)]
    public async Task Without_a_terminal_a_signal_is_the_programs_whose_status_is_the_clients(string name, int number)
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router, Piped);
        await router.AcceptOpen();
        await router.SendOpened(SessionRouter.Plain);
        await router.SendOutput("here");
        await terminal.WaitFor("here");
        terminal.Signal(name);
        Assert.Equal([(byte)number], (await router.Expect(SessionPacketType.Signal)).Payload);
        await router.SendOutput("last words");
        await router.SendExit(new SessionEnd { Code = 7 });
        await terminal.WaitFor("last words");
        await terminal.WaitFor("finished");
        Assert.Equal(7, terminal.ClientStatus);
    }

    [Theory(Timeout = 150_000)]
    [InlineData("INT", "INT", 130)] // a second one
    [InlineData("INT", "HUP", 129)]
    public async Task Without_a_terminal_a_second_signal_ends_the_client(string first, string second, int status)
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router, Piped);
        await router.AcceptOpen();
        await router.SendOpened(SessionRouter.Plain);
        await router.SendOutput("here");
        await terminal.WaitFor("here");
        terminal.Signal(first);
        await router.Expect(SessionPacketType.Signal);
        terminal.Signal(second);
        await router.ExpectEnd();
        await terminal.WaitFor("finished");
        Assert.Equal(status, terminal.ClientStatus);
    }

    [Fact(Timeout = 150_000)]
    public async Task Who_asks_for_more_than_a_packet_holds_is_told_so()
    {
        using var router = new SessionRouter();
        await File.WriteAllTextAsync($"{router.Directory}/long", new string('x', 70_000));
        Task<(string Output, int Status)> client = Task.Run(() => (Shell.Run(
            $"{TestTerminal.Executable} client {router.Address} Uwsgi '~' \"{{\\\"command\\\":[\\\"$(cat {router.Directory}/long)\\\"]}}\"", out int status), status));
        await router.Accept();
        await router.SendHello();
        await router.ExpectEnd();
        Assert.Equal(255, (await client).Status);
        Assert.Contains("fpty: the command and its environment are too long", (await client).Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 150_000)]
    public async Task Without_a_terminal_errors_are_apart_and_no_byte_is_changed()
    {
        using var router = new SessionRouter();
        byte[] content = new byte[300_000];
        new Random(5).NextBytes(content);
        await File.WriteAllBytesAsync($"{router.Directory}/in", content);
        Task<(string, int)> client = Task.Run(() => (Shell.Run(
            $"{TestTerminal.Executable} client {router.Address} Uwsgi '~' '{{\"terminal\":false,\"command\":[\"cat\"]}}' < {router.Directory}/in > {router.Directory}/out 2> {router.Directory}/err", out int status), status));
        OpenRequest open = await router.AcceptOpen();
        Assert.False(open.Terminal);
        Assert.Null(open.Term);
        await router.SendOpened(SessionRouter.Plain);
        for (int taken = 0; taken < content.Length; taken = router.Input.Count)
        {
            await router.Next();
            await router.Acknowledge(router.Input.Count);
        }

        await router.Expect(SessionPacketType.EndOfInput);
        for (int at = 0; at < content.Length; at += 60_000)
        {
            await router.Send(SessionPacketType.Data, content[at..Math.Min(at + 60_000, content.Length)]);
            await router.Send(SessionPacketType.StandardError, Encoding.ASCII.GetBytes($"{at}\n"));
        }

        await router.SendExit(new SessionEnd { Code = 7 });
        Assert.Equal(("", 7), await client);
        Assert.Equal(content, router.Input);
        Assert.Equal(content, await File.ReadAllBytesAsync($"{router.Directory}/out"));
        Assert.Equal("0\n60000\n120000\n180000\n240000\n", await File.ReadAllTextAsync($"{router.Directory}/err"));
    }

    [Fact(Timeout = 150_000)]
    public async Task No_more_than_64_KB_of_input_are_on_their_way()
    {
        using var router = new SessionRouter();
        await File.WriteAllBytesAsync($"{router.Directory}/in", new byte[500_000]);
        Task<int> client = Task.Run(() =>
        {
            Shell.Run($"{TestTerminal.Executable} client {router.Address} Uwsgi none '{Named}' < {router.Directory}/in", out int status);
            return status;
        });
        await router.AcceptOpen();
        await router.SendOpened(SessionRouter.Kept());
        await router.ReadInput(50_000);
        Task more = router.ReadInput(64 * 1024 + 1);
        await Task.WhenAny(more, Task.Delay(300));
        Assert.False(more.IsCompleted);
        Assert.InRange(router.Input.Count, 50_000, 64 * 1024);
        await router.Acknowledge(router.Input.Count);
        await more;
        await router.SendExit(new SessionEnd { Code = 0 });
        Assert.Equal(0, await client);
    }
}
