namespace Forkpty.EndToEnd;

public sealed class IdleTimeout
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty)]
    [InlineData(RouterKind.Uwsgi)]
    public async Task A_session_without_traffic_ends_after_the_timeout(RouterKind router)
    {
        await using var talk = await Conversation.OpenAsync(
            ClientKind.Socket, router, Wire.Raw, new RouterSetup().With("forkptyrouter-timeout", "2"));
        await talk.ReadyAsync();

        await talk.Client.ExpectOverAsync();
    }
}
