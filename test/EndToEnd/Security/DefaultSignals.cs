namespace Forkpty.EndToEnd;

public sealed class DefaultSignals
{
    [Fact(Timeout = Patience.Test)]
    public async Task A_broken_pipe_ends_a_program_in_a_session()
    {
        await using var talk = await Conversation.OpenAsync(
            ClientKind.Socket, RouterKind.Fpty, Wire.Raw, new RouterSetup { Command = "exec /bin/bash --norc" });

        Assert.Equal("y\n141 0", await talk.AskAsync("yes | head -1; echo ${PIPESTATUS[@]}"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task No_signal_is_ignored_or_blocked_in_a_session()
    {
        await using var talk = await Conversation.OpenAsync(
            ClientKind.Socket, RouterKind.Fpty, Wire.Raw, new RouterSetup { Command = "/bin/cat /proc/self/status; cat" });

        await talk.Output.ExpectAsync("SigBlk:\t0000000000000000");
        await talk.Output.ExpectAsync("SigIgn:\t0000000000000000");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task In_uwsgi_the_hang_up_and_four_others_are_ignored()
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Uwsgi, Wire.Raw);

        var ignored = Convert.ToUInt64((await talk.AskAsync("grep SigIgn /proc/self/status")).Split('\t')[1], 16);

        Assert.NotEqual(0UL, ignored & 1);
    }
}
