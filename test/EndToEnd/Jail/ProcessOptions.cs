namespace Forkpty.EndToEnd;

public sealed class ProcessOptions
{
    [Fact(Timeout = Patience.Test)]
    public async Task Chdir_umask_and_env_hold_in_a_session()
    {
        using var directory = new TempDirectory();
        var setup = new RouterSetup { Options = [("chdir", directory.Root), ("umask", "027"), ("env", "COLOUR=green blue")] };
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Raw, setup);

        Assert.Equal($"{directory.Root}\n0027\ngreen blue", await talk.AskAsync("pwd; umask; echo \"$COLOUR\""));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("shells", "shells")]
    [InlineData("shells of the house", "shells of the h")]
    public async Task Procname_is_the_name_in_lists_of_processes(string given, string name)
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("procname", given));
        await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await talk.ReadyAsync();

        Assert.Equal($"{name}\n", File.ReadAllText($"/proc/{process.ProcessId}/comm"));
        Assert.StartsWith($"{given}\0", File.ReadAllText($"/proc/{process.ProcessId}/cmdline"), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Hooks_run_in_order_and_as_whom_they_say()
    {
        await JailedRouter.EnsureUserAsync();
        using var directory = new TempDirectory();
        File.SetUnixFileMode(directory.Root, (UnixFileMode)0b1_111_111_111);
        string Tell(string what) => $"sh -c 'echo {what} $(id -un) >> {directory["trace"]}; chmod 666 {directory["trace"]} 2>/dev/null || true'";
        var setup = new RouterSetup
        {
            Options =
            [
                ("exec-as-user", Tell("user")), ("exec-as-root", Tell("root1")), ("exec-as-root", Tell("root2")), ("exec-post-jail", Tell("post")),
                ("exec-pre-jail", Tell("pre")), ("unshare", "uts"), ("uid", "kratos"), ("gid", "kratos"),
            ],
        };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup, directory);
        await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await talk.ReadyAsync();

        Assert.Equal("pre root\npost root\nroot1 root\nroot2 root\nuser kratos\n", File.ReadAllText(directory["trace"]));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task More_groups_are_those_of_add_gid()
    {
        await JailedRouter.EnsureUserAsync();
        using var directory = new TempDirectory();
        File.SetUnixFileMode(directory.Root, (UnixFileMode)0b1_111_111_111);
        var setup = new RouterSetup { Options = [("uid", "kratos"), ("gid", "kratos"), ("add-gid", "audio")] };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup, directory);
        await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);

        Assert.Equal(["audio", "kratos"], (await talk.AskAsync("id -Gn")).Split(' ').Order());
    }
}
