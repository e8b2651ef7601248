namespace Forkpty.EndToEnd;

public sealed class SocketTakeover
{
    [Fact(Timeout = Patience.Test)]
    public async Task A_socket_that_is_served_is_not_taken()
    {
        using var directory = new TempDirectory();
        await using var first = await RouterProcess.StartAsync(RouterKind.Fpty, directory: directory);

        await using var second = RouterProcess.Launch(RouterKind.Fpty, new RouterSetup(), directory);

        Assert.NotEqual(0, await second.ExpectExitAsync());
        await second.Log.ExpectAsync(directory["r"]);
        await using var talk = await Conversation.JoinAsync(first, ClientKind.Socket, Wire.Raw);
        await talk.ReadyAsync();
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_socket_that_nobody_serves_is_replaced()
    {
        using var directory = new TempDirectory();
        await using (var first = await RouterProcess.StartAsync(RouterKind.Fpty, directory: directory))
            await first.KillAsync();
        Assert.True(File.Exists(directory["r"]));

        await using var second = await RouterProcess.StartAsync(RouterKind.Fpty, directory: directory);

        await using var talk = await Conversation.JoinAsync(second, ClientKind.Socket, Wire.Raw);
        await talk.ReadyAsync();
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_regular_file_is_left_alone()
    {
        using var directory = new TempDirectory();
        directory.Write("r", "precious");

        await ExpectRefusalAsync(directory);

        Assert.Equal("precious", File.ReadAllText(directory["r"]));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_symbolic_link_is_not_followed(bool dangling)
    {
        using var directory = new TempDirectory();
        if (!dangling)
            directory.Write("target", "precious");
        File.CreateSymbolicLink(directory["r"], directory["target"]);

        await ExpectRefusalAsync(directory);

        Assert.Equal(directory["target"], new FileInfo(directory["r"]).LinkTarget);
        Assert.Equal(!dangling, File.Exists(directory["target"]));
    }

    private static async Task ExpectRefusalAsync(TempDirectory directory)
    {
        await using var router = RouterProcess.Launch(RouterKind.Fpty, new RouterSetup(), directory);
        Assert.NotEqual(0, await router.ExpectExitAsync());
        await router.Log.ExpectAsync(directory["r"]);
    }
}
