namespace Forkpty.EndToEnd;

public sealed class StoppedOutput
{
    [Fact(Timeout = Patience.Test)]
    public async Task Ctrl_S_in_a_flood_stops_that_session_alone_and_Ctrl_Q_loses_nothing()
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var noisy = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await using var other = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Uwsgi);
        await other.ReadyAsync();
        await noisy.ReadyAsync();
        await noisy.TypeLineAsync("seq 1 2000000; echo over-$((1+1))");
        await noisy.Output.ExpectLengthAsync(10_000);

        await noisy.Client.TypeAsync("\x13");
        await noisy.Client.TypeAsync("typed while stopped\x15");
        await StandsStillAsync(noisy, other);
        Assert.DoesNotContain("over-2", noisy.Output.Text, StringComparison.Ordinal);
        await noisy.Client.TypeAsync("\x11");

        await noisy.Output.ExpectAsync("over-2");
        var text = noisy.Output.Text;
        var lines = text[text.IndexOf("1\r\n2\r\n3\r\n", StringComparison.Ordinal)..].Split("\r\n").Take(2_000_000);
        Assert.Equal(2_000_000, lines.Count(l => int.TryParse(l.AsSpan(), out _) || l.Contains("typed", StringComparison.Ordinal)));
    }

    /// <summary>Waits until a session says nothing while another one has twenty answers: what was on its way when it was stopped has come then.</summary>
    private static async Task StandsStillAsync(Conversation stopped, Conversation other)
    {
        long before;
        do
        {
            before = stopped.Output.Length;
            for (var i = 0; i < 20; i++)
                await other.ReadyAsync();
        }
        while (stopped.Output.Length != before);
    }
}
