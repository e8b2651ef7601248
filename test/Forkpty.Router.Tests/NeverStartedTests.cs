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

        // Fewer than one for each: what other tests left to the collector may be closed meanwhile, and the runtime opens some of its own.
        Assert.InRange(ProcessFacts.DescriptorTargets(Environment.ProcessId).Count, 0, before + 19);
        Assert.Throws<InvalidOperationException>(kept[0].Start);
    }
}
