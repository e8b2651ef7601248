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

    /// <summary>Such an address is bound in two spellings, ours and uWSGI's: who comes to either is served, also by a router that has got them from another stage or executable.</summary>
    [Theory(Timeout = Patience.Test)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Both_spellings_of_one_are_served(bool inAJail, bool afterAnUpgrade)
    {
        Assert.SkipUnless(!inAJail || Environment.UserName == "root", "a jail needs root");
        string shared = $"fpty-{Environment.ProcessId}-shared-{inAJail}-{afterAnUpgrade}", statistics = $"{shared}-stats";
        var setup = new RouterSetup { RawAddress = $"@{shared}-raw" }.With("pty-socket", $"@{shared}").With("pty-exec", "/bin/cat").With("forkptyrouter-stats", $"@{statistics}");
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, inAJail ? setup.With("unshare", "uts") : setup);
        await router.WaitUntilListeningAsync($"@{shared}");
        if (afterAnUpgrade)
            Assert.Equal(0, (await Command.RunAsync([Binaries.Fpty, "upgrade", router.UwsgiAddress])).Status);

        foreach (var end in (string[])["", "\0"])
        {
            Assert.Equal("hi", await AskAsync(shared + end, "hi\n"));
            Assert.Equal("{", await AskAsync(statistics + end, ""));
            Assert.NotEmpty(await AskAsync($"{shared}-raw{end}", ""));
        }

        foreach (var address in (string[])[$"@{shared}", $"@{statistics}", router.RawAddress])
            Assert.Equal(afterAnUpgrade ? 2 : 1, router.Log.Text.Split($"listening on {address} (").Length - 1);
    }

    /// <summary>The first bytes that come, as many as were typed but the line's end, at least one.</summary>
    private static async Task<string> AskAsync(string name, string typed)
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        using var deadline = new CancellationTokenSource(Patience.Expectation);
        await socket.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint("\0" + name), deadline.Token);
        if (typed.Length > 0)
            await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(typed), deadline.Token);
        var bytes = new byte[Math.Max(1, typed.Length - 1)];
        for (var have = 0; have < bytes.Length;)
        {
            var count = await socket.ReceiveAsync(bytes.AsMemory(have), deadline.Token);
            Assert.NotEqual(0, count);
            have += count;
        }

        return System.Text.Encoding.ASCII.GetString(bytes);
    }
}
