using System.Text.Json.Nodes;

namespace Forkpty.EndToEnd.Sessions;

/// <summary>A kept session whose program puts out many lines at once, when it is told to; then it waits for a line, answers and goes on.</summary>
internal sealed class Flood(int lines) : IDisposable
{
    /// <summary>What a session puts out at most for a driver whose connection broke: half of what is remembered.</summary>
    public const int MostWithoutDriver = 1024 * 1024;

    private const string Name = "work";

    private readonly TempDirectory _directory = new();

    /// <summary>What it puts out.</summary>
    public string Text { get; } = string.Concat(Enumerable.Range(1, lines).Select(i => $"{i}\r\n"));

    /// <summary>Whether all is written.</summary>
    public bool IsOver => File.Exists(_directory["done"]);

    /// <summary>The request for the session; it says "go" first.</summary>
    /// <param name="then">What the shell does after the flood.</param>
    public JsonObject Open(string then = "read x; echo over-$((1+1)); exec cat") => Request.Open(
        Name,
        shell: $"echo go; until [ -e {_directory["begin"]} ]; do sleep 0.02; done; seq 1 {lines}; touch {_directory["done"]}; {then}",
        onDisconnect: "keep");

    /// <summary>Lets it begin.</summary>
    public void Begin() => _directory.Write("begin", "");

    /// <summary>Waits until all is written.</summary>
    public Task OverAsync() => Patience.UntilAsync(() => IsOver, "the end of the flood");

    /// <summary>Waits until all is written, and sees that who came back got it without a gap, and may go on.</summary>
    public async Task ExpectWholeAsync(SessionPeer peer)
    {
        await OverAsync();
        await peer.TypeAsync("\r");
        await peer.Output.ExpectAsync("over-2\r\n");
        Assert.False(peer.Opened.Has("gap"));
        string expected = Text + "\r\nover-2\r\n";
        Assert.True(peer.Output.Text == expected, $"{peer.Output.Length} bytes and not {expected.Length}");
    }

    /// <summary>Waits until the router reads no more of it, or it is over: two looks, one after the other, see the same offset of a session that has put out what it may without its driver.</summary>
    public static async Task StandsAsync(RouterProcess router, int most = MostWithoutDriver)
    {
        long before = -1;
        await Patience.UntilAsync(
            async () =>
            {
                (long last, before) = (before, await OffsetAsync(router));
                return before == last && before >= most;
            },
            "a flood that stands",
            every: 20);
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>How much the session has put out, seen by one who looks on, for whom nothing waits.</summary>
    private static async Task<long> OffsetAsync(RouterProcess router)
    {
        await using var looker = await SessionPeer.OpenAsync(router, Request.Attach(Name, "viewer"), keepsOutput: false);
        return looker.Opened.Number("offset");
    }
}
