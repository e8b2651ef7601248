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

        Assert.Contains("GIVEN", names);
        Assert.Contains("TERM", names);
        Assert.Contains("PATH", names);
        Assert.Contains("HOME", names);
        Assert.Empty(names.Except([.. Documented, "GIVEN"]));
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
