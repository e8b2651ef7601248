using System.Text;
using Xunit;

namespace Forkpty.Screen.Tests;

/// <summary>Terminals for tests, and what is on them.</summary>
internal static class Screens
{
    public static VirtualTerminal Of(string output, int rows = 24, int columns = 80, int history = 100)
    {
        var terminal = new VirtualTerminal(rows, columns, history);
        terminal.Write(Encoding.UTF8.GetBytes(output));
        return terminal;
    }

    public static string Snapshot(this VirtualTerminal terminal) => Encoding.UTF8.GetString(Comparison.Snapshot(terminal));

    /// <summary>Compares with the oracle after every character, and replays the snapshot there often.</summary>
    public static void AssertAsInOracle(string output, int rows = 8, int columns = 20, int history = 30, int replayEvery = 5)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(output);
        using var comparison = new Comparison(Recording.Of(rows, columns, bytes), history);
        comparison.Run(every: 1, replayEvery);
        Assert.True(comparison.Replayed > 0);
    }
}
