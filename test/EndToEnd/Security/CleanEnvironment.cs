namespace Forkpty.EndToEnd;

public sealed class CleanEnvironment
{
    private static readonly Dictionary<string, string> Secret = new() { ["SECRET"] = "x-9216", ["TERM"] = "xterm" };

    // What a shell may add of its own: dash sets PWD, and OLDPWD and _ come with other shells.
    private static readonly string[] Documented = ["TERM", "HOME", "USER", "LOGNAME", "SHELL", "PATH", "LANG", "PWD", "OLDPWD", "SHLVL", "_"];

    [Fact(Timeout = Patience.Test)]
    public async Task A_session_gets_the_documented_variables_and_no_other()
    {
        await using var talk = await Conversation.OpenAsync(
            ClientKind.Socket, RouterKind.Fpty, Wire.Raw, new RouterSetup { Environment = Secret, Options = [("env", "GIVEN=yes")] });

        var names = (await talk.AskAsync("env")).Split('\n').Select(l => l.Split('=')[0]).ToList();

        foreach (var always in (string[])["GIVEN", "TERM", "HOME", "USER", "LOGNAME", "SHELL", "PATH", "LANG"])
            Assert.Contains(always, names);
        Assert.Empty(names.Except([.. Documented, "GIVEN"]));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_configuration_lets_variables_in_and_takes_them_out()
    {
        var setup = new RouterSetup { Environment = Secret, Options = [("forkptyrouter-env-allow", "SECRET,MISSING"), ("env", "GIVEN=yes"), ("unenv", "LANG"), ("unenv", "GIVEN")] };
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Raw, setup);

        Assert.Equal("x-9216 none none none", await talk.AskAsync("echo $SECRET ${MISSING:-none} ${GIVEN:-none} ${LANG:-none}"));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty)]
    [InlineData(RouterKind.Uwsgi)]
    public async Task Uwsgis_way_gives_the_whole_environment_of_the_router(RouterKind router)
    {
        var setup = new RouterSetup { Environment = Secret };
        if (router == RouterKind.Fpty)
            setup = setup.With("forkptyrouter-inherit-env");
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, router, Wire.Raw, setup);

        Assert.Contains("SECRET=x-9216", (await talk.AskAsync("env")).Split('\n'));
    }
}
