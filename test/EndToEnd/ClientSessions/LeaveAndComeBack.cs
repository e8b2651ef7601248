namespace Forkpty.EndToEnd.ClientSessions;

public sealed class LeaveAndComeBack
{
    [Fact(Timeout = Patience.Test)]
    public async Task A_kept_session_goes_on_and_shows_its_screen_to_who_comes_back()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using (var first = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--name", "work", "--keep=1h"], rows: 30, columns: 100))
        {
            await first.Output.ExpectAsync("session work at ");
            await first.Output.ExpectAsync("when you leave, it goes on for 60 min (Enter ~ d leaves it");
            await first.TypeAsync("echo here-$((1+1)); x=remembered\r");
            await first.Output.ExpectAsync("here-2");
            await first.TypeAsync("\r~d");
            await first.Output.ExpectAsync("fpty: left work, which goes on for 60 min; fpty attach work ");
            Assert.Equal(0, await first.ExpectExitAsync());
            Assert.Equal(first.FirstSettings, await first.SettingsAsync());
        }

        await using var second = await Terminal.StartAsync([Binaries.Fpty, "attach", "work", router.UwsgiAddress], rows: 33, columns: 99);
        await second.Output.ExpectAsync("here-2");
        await second.TypeAsync("echo $x $(stty size)\r");
        await second.Output.ExpectAsync("remembered 33 99");
        await second.TypeAsync("exit 7\r");
        Assert.Equal(7, await second.ExpectExitAsync());
        Assert.Equal(second.FirstSettings, await second.SettingsAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_session_can_be_started_without_being_there()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        string[] command = [Binaries.Fpty, "connect", router.UwsgiAddress, "--detached"];

        var named = await Command.RunAsync([.. command, "--name", "work", "--", "sh", "-c", "echo here-$((1+1)); exec cat"]);
        var again = await Command.RunAsync([.. command, "--name", "work"]);
        var ending = await Command.RunAsync([.. command, "--on-disconnect", "hup"]);

        Assert.Equal((0, "work\n", ""), (named.Status, named.Output, named.Error));
        Assert.Equal((255, ""), (again.Status, again.Output));
        Assert.Contains("there is a session work already", again.Error, StringComparison.Ordinal);
        Assert.Equal(2, ending.Status);
        Assert.Contains("--detached leaves the session", ending.Error, StringComparison.Ordinal);
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "attach", "work", router.UwsgiAddress]);
        await terminal.Output.ExpectAsync("here-2");
        await terminal.TypeAsync("\u0004");
        Assert.Equal(0, await terminal.ExpectExitAsync());
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("printf '\\033[1;4r'")]
    [InlineData("printf '\\033[2;4r\\033[?6h\\033[4h\\033[?7l\\033(0\\033[7m'")]
    [InlineData("printf '\\033[?1049h\\033[1;4r\\033[?25l\\016'")]
    public async Task Who_leaves_has_the_whole_screen_again(string confine)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var screen = await TmuxScreen.StartAsync(["/usr/bin/env", "PS1=local:", "/bin/sh"]);
        await screen.LineAsync($"{Binaries.Fpty} connect {router.UwsgiAddress} --name work --keep -- sh -c 'echo up-$((1+1)); read -r line; eval \"$line\"; exec sleep 987'");
        await screen.ExpectAsync("^up-2");
        await screen.LineAsync($"{confine}; printf '\\033]2;confined\\033\\\\'");
        await Patience.UntilAsync(async () => await screen.TitleAsync() == "confined", "the title, which comes after all else", every: 20);

        await screen.PressAsync("Enter");
        await screen.TypeAsync("~d");
        await screen.ExpectAsync("comes back");
        await screen.LineAsync("seq 30; printf '%0100d\\n' 7; echo lqqk");

        await screen.ExpectAsync("^15\n(.*\n)*30\n0{80}\n0{19}7\nlqqk\nlocal:");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("\\033Pq#0;2;0;0;0~~", "d", "comes back")]
    [InlineData("\\033]52;c;YWJj", "d", "comes back")]
    [InlineData("\\033_Gf=100;YWJj", "d", "comes back")]
    [InlineData("\\033[1;3", "d", "comes back")]
    [InlineData("\\033]52;c;YWJj", null, "has ended, and this session with it")]
    public async Task Who_leaves_in_the_middle_of_a_string_of_the_program_sees_what_follows(string begun, string? key, string word)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var screen = await TmuxScreen.StartAsync(["/usr/bin/env", "PS1=local:", "/bin/sh"]);
        string reconnect = key is null ? "--reconnect 0" : "";
        await screen.LineAsync($"{Binaries.Fpty} connect {router.UwsgiAddress} {reconnect} --name work --keep -- sh -c 'stty -echo; echo up-$((1+1)); read -r line; eval \"$line\"; exec sleep 987'");
        await screen.ExpectAsync("^up-2");
        await screen.LineAsync($"printf '\\033]2;begun\\033\\\\{begun}'"); // one write: who has seen the title has what is begun
        await Patience.UntilAsync(async () => await screen.TitleAsync() == "begun", "the title, with which the string comes", every: 20);

        if (key is null)
        {
            await router.KillAsync();
        }
        else
        {
            await screen.PressAsync("Enter");
            await screen.TypeAsync($"~{key}");
        }

        await screen.ExpectAsync(word);
        await screen.LineAsync("echo on-$((1+1))");
        await screen.ExpectAsync("\non-2\nlocal:");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Colours_of_a_session_come_back_with_it_and_go_when_it_is_left()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using (var first = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--name", "work", "--keep"]))
        {
            await first.ExpectRawAsync();
            await first.TypeAsync("printf '\\033]4;1;#123456\\007\\033]11;rgb:12/34/56\\007set-%d' 2\r");
            await first.Output.ExpectAsync("set-2");
            await first.TypeAsync("\r~d");
            await first.Output.ExpectAsync("\e]104\e\\\e]111\e\\");
            Assert.Equal(0, await first.ExpectExitAsync());
        }

        await using var second = await Terminal.StartAsync([Binaries.Fpty, "attach", "work", router.UwsgiAddress]);
        await second.Output.ExpectAsync("\e]4;1;#123456\e\\\e]11;rgb:12/34/56\e\\");
        await second.Output.ExpectAsync("set-2");
        await second.TypeAsync("\r~d");
        await second.Output.ExpectAsync("\e]104\e\\\e]111\e\\");
        Assert.Equal(0, await second.ExpectExitAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Create_makes_what_is_not_there_and_comes_to_what_is()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        string[] command = [Binaries.Fpty, "attach", "--create", "work", router.UwsgiAddress];
        for (var round = 1; round <= 2; round++)
        {
            await using var terminal = await Terminal.StartAsync(command);
            await terminal.ExpectRawAsync();
            await terminal.TypeAsync("n=$((n+1)); echo round-$n\r");
            await terminal.Output.ExpectAsync($"round-{round}");
            await terminal.TypeAsync("\r~d");
            Assert.Equal(0, await terminal.ExpectExitAsync());
        }
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Who_only_looks_sees_all_and_types_nothing()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--name", "work", "--keep"]);
        await driver.ExpectRawAsync();
        await driver.TypeAsync("echo up-$((1+1))\r");
        await driver.Output.ExpectAsync("up-2");
        await using var viewer = await Terminal.StartAsync([Binaries.Fpty, "attach", "--read-only", "work", router.UwsgiAddress]);
        await viewer.Output.ExpectAsync("up-2");
        await driver.Output.ExpectAsync("somebody is looking on");

        await viewer.TypeAsync("echo not-$((1+1))\r");
        await driver.TypeAsync("echo only-$((1+1))\r");

        await viewer.Output.ExpectAsync("only-2");
        Assert.DoesNotContain("not-2", driver.Output.Text, StringComparison.Ordinal);
        await viewer.TypeAsync("\r~.");
        Assert.Equal(0, await viewer.ExpectExitAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_is_not_kept_cannot_be_left_by_mistake()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress]);
        await terminal.ExpectRawAsync();
        await terminal.TypeAsync("echo up-$((1+1))\r");
        await terminal.Output.ExpectAsync("up-2");

        await terminal.TypeAsync("\r~d");

        await terminal.Output.ExpectAsync("is not kept");
        await terminal.TypeAsync("echo on-$((1+1)); exit\r");
        await terminal.Output.ExpectAsync("on-2");
        Assert.Equal(0, await terminal.ExpectExitAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_screen_is_drawn_again_when_asked()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--name", "work", "--keep"]);
        await terminal.ExpectRawAsync();
        await terminal.TypeAsync("echo mark-$((1+1))\r");
        await terminal.Output.ExpectAsync("mark-2");
        await terminal.TypeAsync("\r~s");
        await terminal.Output.ExpectAsync("session work at ");
        await terminal.Output.ExpectAsync("24 rows and 80 columns here");

        await terminal.TypeAsync("~r");

        await terminal.Output.ExpectAsync("mark-2");
    }
}
