namespace Forkpty.EndToEnd;

public sealed class SizeOptions
{
    [Theory(Timeout = Patience.Test), Pairs(SocketOnly = true)]
    public async Task Rows_and_columns_of_the_configuration_are_the_first_size(ClientKind client, RouterKind router, Wire wire)
    {
        var setup = new RouterSetup { Options = [("forkptyrouter-rows", "33"), ("forkptyrouter-cols", "111")] };
        await using var talk = await Conversation.OpenAsync(client, router, wire, setup);

        Assert.Equal("33 111", await talk.AskAsync("stty size"));
    }
}
