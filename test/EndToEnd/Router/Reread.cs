namespace Forkpty.EndToEnd;

public sealed class Reread
{
    [Fact(Timeout = Patience.Test)]
    public async Task After_SIGHUP_new_sessions_get_the_new_command_and_old_ones_stay()
    {
        using var directory = new TempDirectory();
        var ini = directory.Write("r.ini", Ini(directory, "/bin/sh"));
        var setup = new RouterSetup { OwnSockets = false, Arguments = [ini] };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup, directory);
        await process.WaitUntilListeningAsync(process.RawAddress);
        await using var old = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await old.ReadyAsync();

        directory.Write("r.ini", Ini(directory, "echo new-$((1+1)); cat"));
        await process.SignalAsync("HUP");

        await Patience.UntilAsync(() => NewCommandRuns(process).GetAwaiter().GetResult(), "a session with the new command");
        await old.ReadyAsync();
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Everything_that_is_said_of_new_sessions_is_read_again_and_the_rest_is_named()
    {
        using var directory = new TempDirectory();
        var ini = directory.Write("r.ini", Ini(directory, "/bin/sh"));
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { OwnSockets = false, Arguments = [ini] }, directory);
        await process.WaitUntilListeningAsync(process.RawAddress);

        directory.Write("r.ini", Ini(directory, "/bin/sh") + $"forkptyrouter-rows = 7\nforkptyrouter-timeout = 100\nenv = GIVEN=again\nforkpty-urouter = {directory["another"]}\nchmod-socket = 660\n");
        await process.SignalAsync("HUP");

        foreach (var sentence in (string[])["a restart is needed for what else has changed: forkpty-urouter, chmod-socket\n", "new sessions use the configuration that was read again"])
            await Patience.UntilAsync(() => process.Log.Text.Contains(sentence, StringComparison.Ordinal), sentence); // the one from the loop may be first
        await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        Assert.Equal("7 80 again", await talk.AskAsync("echo $(stty size) $GIVEN"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_log_is_opened_again_for_who_rotates_it()
    {
        using var directory = new TempDirectory();
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("logto", directory["log"]), directory);
        await process.WaitUntilListeningAsync(process.RawAddress);
        File.Move(directory["log"], directory["log.1"]);

        await process.SignalAsync("HUP");

        await Patience.UntilAsync(() => File.Exists(directory["log"]), "a new log");
        await using var client = await SocketClient.ConnectAsync(process.RawAddress, Wire.Raw);
        await Patience.UntilAsync(() => File.ReadAllText(directory["log"]).Contains(": process ", StringComparison.Ordinal), "the session in the new log");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_router_in_the_foreground_stays_there_with_its_log()
    {
        using var directory = new TempDirectory();
        var ini = directory.Write("r.ini", Ini(directory, "/bin/sh"));
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { OwnSockets = false, Arguments = [ini] }, directory);
        await process.WaitUntilListeningAsync(process.RawAddress);

        directory.Write("r.ini", Ini(directory, "/bin/sh") + $"daemonize = {directory["log"]}\n");
        await process.SignalAsync("HUP");

        await process.Log.ExpectAsync("a restart is needed for what else has changed: daemonize\n");
        await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await process.Log.ExpectAsync(": process ");
        Assert.False(File.Exists(directory["log"]));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_mistake_in_the_file_leaves_everything_as_it_was()
    {
        using var directory = new TempDirectory();
        var ini = directory.Write("r.ini", Ini(directory, "/bin/sh"));
        var setup = new RouterSetup { OwnSockets = false, Arguments = [ini] };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup, directory);
        await process.WaitUntilListeningAsync(process.RawAddress);
        await using var old = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await old.ReadyAsync();

        directory.Write("r.ini", Ini(directory, "/bin/sh") + "forkptyrouter-rows = many\n");
        await process.SignalAsync("HUP");

        await process.Log.ExpectAsync("forkptyrouter-rows");
        await old.ReadyAsync();
        await using var another = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await another.ReadyAsync();
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_file_that_the_jail_hides_leaves_everything_as_it_was()
    {
        Assert.SkipUnless(Environment.UserName == "root", "another root needs root");
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["root"]);
        File.Copy(Binaries.StaticFpty, directory["root/fpty"]);
        var ini = directory.Write("r.ini", Ini(directory, "/fpty") + $"chroot = {directory["root"]}\n");
        var setup = new RouterSetup { OwnSockets = false, Executable = Binaries.StaticFpty, Arguments = [ini] };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup, directory);
        await process.Log.ExpectAsync("listening on");

        await process.SignalAsync("HUP");

        await process.Log.ExpectAsync("the configuration stays as it was: ");
        await process.Log.ExpectAsync(ini);
        await using (var client = await SocketClient.ConnectAsync(process.RawAddress, Wire.Raw))
            await client.Output.ExpectEndAsync(); // it is served: a terminal or, in this root without devices, the reason
        await process.SignalAsync("TERM");
        Assert.Equal(0, await process.ExpectExitAsync());
    }

    private static string Ini(TempDirectory directory, string command) =>
        $"[uwsgi]\nforkpty-router = {directory["r"]}\nforkptyrouter-command = {command}\n";

    private static async Task<bool> NewCommandRuns(RouterProcess process)
    {
        await using var client = await SocketClient.ConnectAsync(process.RawAddress, Wire.Raw);
        var text = await client.Output.ExpectAsync(new System.Text.RegularExpressions.Regex("new-2|[#$] "));
        return text.Value == "new-2";
    }
}
