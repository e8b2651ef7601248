namespace Forkpty.EndToEnd;

public sealed class LogAndInput
{
    [Fact(Timeout = Patience.Test)]
    public async Task With_pty_log_the_output_is_in_the_log_too()
    {
        await using var shared = await SharedTerminal.StartAsync("/bin/sh", new RouterSetup().With("pty-log"));
        await using var client = await SocketClient.ConnectAsync(shared.Address, Wire.Raw);

        await client.TypeAsync("echo logged-$((1+1))\r");

        await client.Output.ExpectAsync("logged-2");
        await shared.Router.Log.ExpectAsync("logged-2");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task With_pty_input_the_routers_own_input_is_typed_too()
    {
        var setup = new RouterSetup { Input = "echo typed-$((1+1))\n" }.With("pty-input").With("pty-log");
        await using var shared = await SharedTerminal.StartAsync("/bin/sh", setup);

        await shared.Router.Log.ExpectAsync("typed-2");
        await using var client = await SocketClient.ConnectAsync(shared.Address, Wire.Raw);
        await SharedTerminal.AttachedAsync(client);
    }
}
