namespace Forkpty.EndToEnd.Sessions;

public sealed class QueriesOnce
{
    private const string Asker = """
        import os, sys, tty
        tty.setraw(0)
        os.write(1, b"READY")
        os.read(0, 1)
        os.write(1, sys.argv[1].encode())
        got = b""
        while not got.endswith(b"!"):
            got += os.read(0, 1000)
        os.write(1, b"GOT:" + got.hex().encode() + b".")
        os.read(0, 1)
        """;

    [Theory(Timeout = Patience.Test)]
    [InlineData("\e[6n", "\e[1;1R", "\e[2;2R", true)]
    [InlineData("\e[6n", "\e[1;1R", "\e[2;2R", false)]
    [InlineData("\e[c", "\e[?1;2c", "\e[?62;22c", true)]
    [InlineData("\e[c", "\e[?1;2c", "\e[?62;22c", false)]
    [InlineData("\e[>c", "\e[>0;276;0c", "\e[>41;354;0c", true)]
    [InlineData("\e]11;?\a", "\e]11;rgb:0000/0000/0000\a", "\e]11;rgb:ffff/ffff/ffff\e\\", true)]
    [InlineData("\e]11;?\a", "\e]11;rgb:0000/0000/0000\a", "\e]11;rgb:ffff/ffff/ffff\e\\", false)]
    public async Task A_query_of_the_program_is_answered_once(string query, string ofFirst, string ofSecond, bool firstAnswersFirst)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", command: ["/usr/bin/python3", "-S", "-c", Asker, query], onDisconnect: "keep"));
        await first.Output.ExpectAsync("READY");
        await using var second = await SessionPeer.OpenAsync(router, Request.Attach("work"));
        await first.TypeAsync("g");
        await first.Output.ExpectAsync(query);
        await second.Output.ExpectAsync(query);

        foreach (var (peer, answer) in firstAnswersFirst ? [(first, ofFirst), (second, ofSecond)] : new[] { (second, ofSecond), (first, ofFirst) })
        {
            await peer.TypeAsync(answer);
            await peer.SettleAsync();
        }

        await second.TypeAsync("typed");
        await second.SettleAsync();
        await first.TypeAsync("!");
        string got = await GotAsync(first);
        Assert.Equal(1, (got.Contains(ofFirst, StringComparison.Ordinal) ? 1 : 0) + (got.Contains(ofSecond, StringComparison.Ordinal) ? 1 : 0));
        Assert.Equal("typed!", got.Replace(ofFirst, "", StringComparison.Ordinal).Replace(ofSecond, "", StringComparison.Ordinal));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_answers_does_not_change_while_a_query_is_open(bool firstAnswersFirst)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", command: ["/usr/bin/python3", "-S", "-c", Asker, "\e[6n"], onDisconnect: "keep"));
        await first.Output.ExpectAsync("READY");
        await using var second = await SessionPeer.OpenAsync(router, Request.Attach("work"));
        await first.TypeAsync("g");
        await second.Output.ExpectAsync("\e[6n");

        // Each terminal answers when the query has come to it, and a person types between.
        await (firstAnswersFirst ? first.TypeAsync("\e[1;1R") : second.TypeAsync("\e[2;2R"));
        await first.SettleAsync();
        await second.SettleAsync();
        await second.TypeAsync("hello\e[A\e[1;5C\eOP\e");
        await second.SettleAsync();
        await second.TypeAsync("x");
        await second.SettleAsync();
        await (firstAnswersFirst ? second.TypeAsync("\e[2;2R") : first.TypeAsync("\e[1;1R"));
        await first.SettleAsync();
        await second.SettleAsync();
        await first.TypeAsync("!");

        string got = await GotAsync(first);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(got, "\e\\[[12];[12]R"));
        Assert.Equal("hello\e[A\e[1;5C\eOP\ex!", System.Text.RegularExpressions.Regex.Replace(got, "\e\\[[12];[12]R", ""));
    }

    private static async Task<string> GotAsync(SessionPeer peer)
    {
        var got = await peer.Output.ExpectAsync(new System.Text.RegularExpressions.Regex(@"GOT:([0-9a-f]*)\."));
        return System.Text.Encoding.Latin1.GetString(Convert.FromHexString(got.Groups[1].Value));
    }
}
