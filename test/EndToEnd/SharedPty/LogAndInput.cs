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

    [Fact(Timeout = Patience.Test)]
    public async Task A_terminal_of_the_routers_own_that_nobody_reads_keeps_nobody_waiting()
    {
        const string OnATerminal = "import os, sys; m, s = os.openpty(); os.set_inheritable(m, True); os.dup2(s, 1); os.execv(sys.argv[1], sys.argv[1:])";
        var setup = new RouterSetup { Wrapper = ["/usr/bin/python3", "-c", OnATerminal] }.With("pty-log");
        await using var shared = await SharedTerminal.StartAsync("stty -echo; read x; seq 1 300000; echo over-$((1+1)); cat", setup);
        await using var client = await SocketClient.ConnectAsync(shared.Address, Wire.Raw);
        await client.TypeAsync("\r");

        await client.Output.ExpectAsync("over-2");
    }
}
