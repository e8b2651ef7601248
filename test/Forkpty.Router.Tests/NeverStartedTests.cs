using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

[Collection(nameof(Alone))]
public sealed class NeverStartedTests
{
    [Fact(Timeout = Patience.Test)]
    public async Task A_router_that_was_never_started_leaves_no_descriptor_behind()
    {
        await new Router(new RouterOptions()).DisposeAsync();
        int before = ProcessFacts.DescriptorTargets(Environment.ProcessId).Count;
        List<Router> kept = []; // not for the collector, which would close them too
        for (int i = 0; i < 20; i++)
        {
            kept.Add(new Router(new RouterOptions()));
            await kept[i].DisposeAsync();
        }

        Assert.Equal(before, ProcessFacts.DescriptorTargets(Environment.ProcessId).Count);
        Assert.Throws<InvalidOperationException>(kept[0].Start);
    }
}
