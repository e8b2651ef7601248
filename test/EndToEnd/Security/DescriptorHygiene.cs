namespace Forkpty.EndToEnd;

public sealed class DescriptorHygiene
{
    [Fact(Timeout = Patience.Test)]
    public async Task A_session_holds_its_own_terminal_and_nothing_else()
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await using var second = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Uwsgi);
        await using var third = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);

        foreach (var talk in new[] { first, second, third })
        {
            var terminal = await talk.AskAsync("tty");
            Assert.Equal(
                [terminal, terminal, terminal],
                (await talk.AskAsync("for n in $(ls /proc/$$/fd); do [ $n = 10 ] || readlink /proc/$$/fd/$n; done")).Split('\n'));

            // Standard input, output, error, and the directory that ls itself reads.
            Assert.Equal("0\n1\n2\n3", await talk.AskAsync("ls -1 /proc/self/fd"));
        }
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_descriptor_leaked_by_whoever_started_the_router_does_not_reach_a_session()
    {
        var setup = new RouterSetup { Wrapper = ["/bin/bash", "-c", "exec 77</etc/passwd; exec \"$@\"", "bash"] };
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Raw, setup);

        Assert.Equal("0\n1\n2\n3", await talk.AskAsync("ls -1 /proc/self/fd"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task In_uwsgi_a_session_holds_sockets_and_terminals_of_others()
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Uwsgi);
        await using var first = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await using var second = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await first.ReadyAsync();

        Assert.Contains("ptmx", await second.AskAsync("ls -l /proc/self/fd"), StringComparison.Ordinal);
    }
}
