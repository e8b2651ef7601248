namespace Forkpty.EndToEnd;

public sealed class CleanEnd
{
    [Theory(Timeout = Patience.Test)]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Sessions_are_hung_up_and_sockets_removed(string signal)
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Raw);
        var shell = int.Parse(await talk.AskAsync("echo $$"), null);
        await talk.TypeLineAsync("sleep 987");

        await talk.Router.SignalAsync(signal);

        Assert.Equal(0, await talk.Router.ExpectExitAsync());
        await talk.Client.ExpectOverAsync();
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(shell), "the end of the shell");
        Assert.False(File.Exists(talk.Router.RawAddress));
        Assert.False(File.Exists(talk.Router.UwsgiAddress));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_program_that_ignores_the_hang_up_does_not_hold_the_router()
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Raw);
        await talk.AskAsync("trap '' HUP TERM INT; echo deaf");

        await talk.Router.SignalAsync("TERM");

        Assert.Equal(0, await talk.Router.ExpectExitAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task An_interrupt_that_who_started_it_has_ignored_does_not_end_it()
    {
        using var directory = new TempDirectory();
        string script = directory.Write("fpty", $"#!/bin/sh\ntrap '' INT\nexec {Binaries.Fpty} \"$@\"\n");
        File.SetUnixFileMode(script, (UnixFileMode)0b111_101_101);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Executable = script });

        await router.SignalAsync("INT");
        await router.SignalAsync("HUP"); // taken after the other

        await router.Log.ExpectAsync("read again");
    }
}
