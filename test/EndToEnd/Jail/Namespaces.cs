namespace Forkpty.EndToEnd;

public sealed class Namespaces
{
    [Theory(Timeout = Patience.Test)]
    [InlineData("fs", "mnt")]
    [InlineData("ipc", "ipc")]
    [InlineData("pid", "pid")]
    [InlineData("uts", "uts")]
    [InlineData("net", "net")]
    [InlineData("user", "user")]
    public async Task A_session_is_in_the_namespace_that_was_asked_for_and_in_no_other(string word, string name)
    {
        Assert.SkipUnless(Environment.UserName == "root", "namespaces need root");
        using var directory = new TempDirectory();
        await using var process = RouterProcess.Launch(RouterKind.Fpty, new RouterSetup().With("unshare", word), directory);
        await process.WaitUntilListeningAsync(process.RawAddress);
        await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);

        foreach (var each in new[] { "mnt", "ipc", "pid", "uts", "net", "user" })
        {
            var here = new FileInfo($"/proc/self/ns/{each}").LinkTarget;
            var there = await talk.AskAsync($"readlink /proc/self/ns/{each}");
            Assert.Equal(each == name, here != there);
        }
    }
}
