namespace Forkpty.EndToEnd;

public sealed class AbstractAddress
{
    [Theory(Timeout = Patience.Test), Pairs]
    public async Task An_address_that_begins_with_an_at_sign_is_abstract(ClientKind client, RouterKind router, Wire wire)
    {
        var name = $"@fpty-{Environment.ProcessId}-{client}-{router}-{wire}";
        var setup = wire == Wire.Raw ? new RouterSetup { RawAddress = name } : new RouterSetup { UwsgiAddress = name };
        await using var talk = await Conversation.OpenAsync(client, router, wire, setup);

        await talk.ReadyAsync();
    }
}
