namespace Forkpty.EndToEnd;

public sealed class CrossSessionWrite
{
    private const string WriteToEveryMaster =
        "for f in /proc/$$/fd/*; do case $(readlink $f) in */ptmx) eval \"printf 'echo INJECTED-\\$((40+2))\\n' >&${f##*/}\";; esac; done";

    [Fact(Timeout = Patience.Test)]
    public async Task A_session_cannot_type_into_another_one()
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Command = "exec /bin/bash --norc" });
        await using var victim = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await victim.ReadyAsync();
        await using var attacker = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);

        await attacker.AskAsync(WriteToEveryMaster);
        await attacker.ReadyAsync();
        await victim.ReadyAsync();

        Assert.DoesNotContain("INJECTED", victim.Output.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task In_uwsgi_it_can()
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Uwsgi, new RouterSetup { Command = "exec /bin/bash --norc" });
        await using var victim = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await victim.ReadyAsync();
        await using var attacker = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);

        await attacker.TypeLineAsync(WriteToEveryMaster);

        await victim.Output.ExpectAsync("INJECTED-42");
    }
}
