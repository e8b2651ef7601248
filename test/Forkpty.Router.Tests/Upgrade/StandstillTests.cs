using Forkpty.Reactor;
using Forkpty.Testing;
using Forkpty.Upgrade;
using Xunit;

namespace Forkpty.Tests.Upgrade;

public sealed class StandstillTests
{
    [Fact(Timeout = Patience.Test)]
    public async Task A_lane_that_is_at_something_for_ever_refuses_it_and_the_others_go_on()
    {
        using var first = new EventLoop("first");
        using var stuck = new EventLoop("stuck");
        using var end = new ManualResetEventSlim();
        first.Start();
        stuck.Start();
        stuck.Post(_ => end.Wait(TestContext.Current.CancellationToken));

        var refused = await Assert.ThrowsAsync<TimeoutException>(() => Task.Run(() => Standstill.Of(() => [first, stuck], []), TestContext.Current.CancellationToken));

        Assert.Contains("the loop stuck is at something for more than 2 seconds", refused.Message, StringComparison.Ordinal);
        await GoesOnAsync(first);
        end.Set();
        await GoesOnAsync(stuck);
        (await Task.Run(() => Standstill.Of(() => [first, stuck], []), TestContext.Current.CancellationToken)).Dispose();
    }

    private static Task GoesOnAsync(EventLoop loop)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(_ => turn.SetResult());
        return turn.Task;
    }
}
