using Xunit;

namespace Forkpty.Screen.Tests;

public sealed class CorpusTests
{
    public static TheoryData<string> Recordings => [.. Recording.Names];

    [Theory]
    [MemberData(nameof(Recordings))]
    public void A_recording_looks_as_in_xterm_js_at_every_1000th_byte_and_again_after_a_snapshot(string name)
    {
        using var comparison = new Comparison(Recording.Open(name), history: 200) { HalvesAreBlank = true };
        comparison.Run(every: 1000, replayEvery: 1000);
        Assert.True(comparison.Compared > 0);
    }
}
