namespace Forkpty.EndToEnd.Examples;

/// <summary>examples/container/run.sh: fpty as the first process of a container that no engine has made.</summary>
public sealed class RootOfABusybox
{
    [Fact(Timeout = Patience.Test)]
    public async Task It_serves_until_the_script_is_interrupted()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root makes a root with devices of its own");
        using var directory = new TempDirectory();
        var host = await Command.ShellAsync("hostname");
        await using var script = await Terminal.StartAsync([Path.Combine(Binaries.Repository, "examples/container/run.sh"), directory["web"]], environment: new Dictionary<string, string> { ["FPTY"] = Binaries.StaticFpty });
        await script.Output.ExpectAsync("listening on /run/fpty.usocket");
        await using (var client = await SocketClient.ConnectAsync(directory["web/run/fpty.usocket"], Wire.Uwsgi))
        {
            await client.TypeAsync("echo $(hostname) $(tty) $(ps -o comm | head -2 | tail -1) over-$((1+1))\r");
            await client.Output.ExpectAsync("web /dev/pts/0 fpty over-2");
        }

        await script.TypeAsync("\x03");

        Assert.Equal(0, await script.ExpectExitAsync());
        Assert.False(File.Exists(directory["web/run/fpty.usocket"]));
        Assert.Equal(host, await Command.ShellAsync("hostname"));
    }
}
