using System.Diagnostics;
using Forkpty.Client;
using Xunit;

namespace Forkpty.Tests;

public sealed class EndOfInputTests
{
    [Fact(Timeout = 150_000)]
    public async Task It_is_said_again_at_doubled_pauses()
    {
        var end = new EndOfInput();
        Assert.Equal((false, -1), (end.IsDue, end.DueIn));
        end.Begin();
        Assert.True(end.IsDue);
        foreach (int pause in (int[])[50, 100, 200, 400, 800, 1_000, 1_000])
        {
            var watch = Stopwatch.StartNew();
            end.Said();
            Assert.InRange(end.DueIn, 0, pause);
            while (!end.IsDue)
                await Task.Delay(Math.Max(1, end.DueIn));
            Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(pause));
        }
    }
}
