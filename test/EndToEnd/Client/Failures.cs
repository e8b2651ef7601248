using System.Net.Sockets;

namespace Forkpty.EndToEnd;

public sealed class Failures
{
    [Theory(Timeout = Patience.Test)]
    [InlineData("--pty-connect")]
    [InlineData("--pty-uconnect")]
    public async Task A_wrong_address_is_one_sentence_and_a_status(string option)
    {
        using var directory = new TempDirectory();

        await ExpectOneSentenceAsync([Binaries.Fpty, option, directory["nobody"]], directory["nobody"]);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_socket_that_nobody_serves_is_one_sentence_and_a_status()
    {
        using var directory = new TempDirectory();
        await using (var router = await RouterProcess.StartAsync(RouterKind.Fpty, directory: directory))
            await router.KillAsync();

        await ExpectOneSentenceAsync([Binaries.Fpty, "connect", directory["u"]], directory["u"]);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_port_that_nobody_serves_is_one_sentence_and_a_status() =>
        await ExpectOneSentenceAsync([Binaries.Fpty, "--pty-connect", "127.0.0.1:1"], "127.0.0.1:1");

    [Fact(Timeout = Patience.Test)]
    public async Task A_word_that_is_no_option_names_the_nearest_one()
    {
        var result = await Command.RunAsync([Binaries.Fpty, "--forkpty-ruoter", "/tmp/x"]);

        Assert.NotEqual(0, result.Status);
        Assert.Contains("forkpty-router", result.Error, StringComparison.Ordinal);
    }

    private static async Task ExpectOneSentenceAsync(string[] command, string address)
    {
        var result = await Command.RunAsync(command);

        Assert.NotEqual(0, result.Status);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Contains(address, result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    /// <summary>The client stays awake for 100 us after a key, and the end may come in just these.</summary>
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_router_that_ends_right_after_a_key_is_noticed()
    {
        using var directory = new TempDirectory();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(directory["s"]));
        listener.Listen();
        for (int i = 0; i < 40; i++)
        {
            await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "--pty-connect", directory["s"]]);
            using (Socket client = await listener.AcceptAsync())
            {
                await terminal.Output.ExpectAsync("connected");
                var key = Task.Run(() => client.Receive(new byte[1]));
                await terminal.TypeAsync("x");
                await key;
            }

            await terminal.ExpectExitAsync();
        }
    }
}
