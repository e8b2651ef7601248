using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

public sealed class RefusalLogTests
{
    [Fact(Timeout = Patience.Test)]
    public async Task A_thousand_refusals_are_five_lines_and_a_number()
    {
        var log = new RecordingLog();
        await using var router = new Router(new RouterOptions(), log);
        for (int i = 1; i <= 1000; i++)
            router.OnRefused(i, $"reason {i}"); // no thread of the router runs yet

        router.Start();

        await Patience.UntilAsync(() => log.Lines.Count >= 6, "the number of refusals is logged");
        Assert.Equal([.. Enumerable.Range(1, 5).Select(i => $"session {i}: refused: reason {i}")], log.Lines.Take(5).ToArray());
        Assert.Equal("995 more clients were refused within a second; the last one because: reason 1000", log.Lines.Last());
        Assert.Equal(6, log.Lines.Count);
        Assert.Equal(1000, router.Statistics.Refused);
    }
}
