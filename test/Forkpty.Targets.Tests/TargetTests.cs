using Xunit;

namespace Forkpty.Targets;

public sealed class TargetTests
{
    [Fact]
    public void A_number_that_is_used_again_is_another_target() =>
        Assert.NotEqual(new Target(TargetKind.Process, "1", 1, 10), new Target(TargetKind.Process, "1", 1, 11));
}
