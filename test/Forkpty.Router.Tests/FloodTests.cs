using System.Net.Sockets;
using System.Text;
using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

public sealed class FloodTests
{
    private const int Lines = 60_000;

    private static readonly string Expected = string.Concat(Enumerable.Range(1, Lines).Select(i => $"{i}\n"));

    [Fact(Timeout = Patience.Test)]
    public async Task Sessions_that_flood_move_to_a_loop_of_their_own_and_lose_nothing()
    {
        await using var hosted = new HostedRouter($"stty raw -echo; exec seq {Lines}");
        string[] outputs = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => hosted.Run()));
        Assert.Equal(2, hosted.Router.Statistics.Loops);
        Assert.All(outputs, output => Assert.True(output == Expected, "Output was lost, repeated or changed."));
        Assert.Equal(12L * Expected.Length, hosted.Router.Statistics.BytesOut);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task With_one_worker_floods_stay_where_they_are_and_lose_nothing()
    {
        await using var hosted = new HostedRouter($"stty raw -echo; exec seq {Lines}", workers: 1);
        string[] outputs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => hosted.Run()));
        Assert.Equal(1, hosted.Router.Statistics.Loops);
        Assert.All(outputs, output => Assert.True(output == Expected, "Output was lost, repeated or changed."));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_session_that_is_quiet_again_comes_back()
    {
        await using var hosted = new HostedRouter($"stty raw -echo; seq {Lines}; printf done; exec cat");
        await using NetworkStream session = await hosted.Connect();
        Assert.True(await HostedRouter.ReadUntil(session, "done") == Expected + "done", "Output was lost, repeated or changed.");
        Assert.Equal(2, hosted.Router.Statistics.Loops);

        int typed = 0;
        await Patience.UntilAsync(() => TypeAndRead() && OnInteractiveLane(hosted.Router) == 1, "the session is on the interactive lane");
        Assert.True(TypeAndRead());
        Assert.Equal(1, hosted.Router.Statistics.ActiveSessions);

        bool TypeAndRead()
        {
            byte[] key = Encoding.ASCII.GetBytes(((char)('a' + (typed++ % 26))).ToString());
            session.Write(key);
            return session.ReadByte() == key[0];
        }
    }

    /// <summary>Asked of another thread, so it may be a moment old.</summary>
    private static int OnInteractiveLane(Router router) => router.InteractiveLane.Sessions.Count;
}
