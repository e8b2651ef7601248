namespace Forkpty.EndToEnd.Sessions;

public sealed class OtherClients
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(ClientKind.Socket, Wire.Raw)]
    [InlineData(ClientKind.Socket, Wire.Uwsgi)]
    [InlineData(ClientKind.Uwsgi, Wire.Raw)]
    [InlineData(ClientKind.Uwsgi, Wire.Uwsgi)]
    public async Task Raw_and_uWSGIs_clients_beside_sessions_are_served_as_ever(ClientKind client, Wire wire)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var kept = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep"));
        await using var talk = await Conversation.JoinAsync(router, client, wire);

        await talk.TypeLineAsync("echo sum-$((20+22))");
        await talk.Output.ExpectAsync("sum-42\r\n");
        await kept.TypeAsync("still here\r");
        await kept.Output.ExpectAsync("still here\r\nstill here\r\n");

        await talk.TypeLineAsync("exit");
        await talk.Client.ExpectOverAsync();
        Assert.DoesNotContain(talk.Output.Bytes, b => b == 0xF5);
    }
}
