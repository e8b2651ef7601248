namespace Forkpty.EndToEnd;

public sealed class TerminalMode
{
    [Fact(Timeout = Patience.HeavyTest, DisableParallelization = true)]
    public async Task A_terminal_is_never_open_to_others()
    {
        const int Sessions = 500;
        var setup = new RouterSetup { Command = "/bin/true", Wrapper = PrivateTerminals.Wrapper() };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup);
        var (seen, wrong, stop) = (0, "", false);
        var watcher = Task.Run(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                foreach (var node in PrivateTerminals.Nodes(process.ProcessId))
                {
                    if (ModeOf(node) is not { } mode)
                        continue;
                    seen++;
                    if ((mode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite)) != 0)
                        wrong = $"{node} has mode {Convert.ToString((int)mode, 8)}";
                }
            }
        });

        for (var i = 0; i < Sessions; i++)
        {
            await using var client = await SocketClient.ConnectAsync(process.RawAddress, Wire.Raw);
            await client.ExpectOverAsync();
        }

        Volatile.Write(ref stop, true);
        await watcher;
        Assert.Equal("", wrong);
        Assert.NotEqual(0, seen);
    }

    private static UnixFileMode? ModeOf(string node)
    {
        try
        {
            return File.GetUnixFileMode(node);
        }
        catch (IOException)
        {
            return null; // closed meanwhile
        }
    }
}
