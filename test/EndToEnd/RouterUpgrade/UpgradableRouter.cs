namespace Forkpty.EndToEnd.RouterUpgrade;

/// <summary>A router that runs from a copy of the executable, in whose place another one can be put.</summary>
internal sealed class UpgradableRouter : IAsyncDisposable
{
    private readonly TempDirectory _directory;

    private UpgradableRouter(TempDirectory directory, RouterProcess process)
    {
        _directory = directory;
        Process = process;
    }

    public RouterProcess Process { get; }

    public string Executable => _directory["fpty"];

    public static async Task<UpgradableRouter> StartAsync(RouterSetup? setup = null)
    {
        var directory = new TempDirectory();
        Directory.CreateDirectory(directory["sockets"]);
        await CopyAsync(setup?.Executable ?? Binaries.Fpty, directory["fpty"]);
        File.SetUnixFileMode(directory.Root, (UnixFileMode)0b111_101_101);
        setup = (setup ?? new RouterSetup()) with { Executable = directory["fpty"] };
        return new UpgradableRouter(directory, await RouterProcess.StartAsync(RouterKind.Fpty, setup, directory));
    }

    /// <summary>Puts another executable into the place of the one that runs, as a package does: by a rename.</summary>
    public async Task ReplaceAsync(string by)
    {
        await CopyAsync(by, _directory["new"]);
        File.Move(_directory["new"], Executable, overwrite: true);
    }

    /// <summary>The same with a script.</summary>
    public void ReplaceByScript(string text)
    {
        File.WriteAllText(_directory["new"], text);
        File.SetUnixFileMode(_directory["new"], (UnixFileMode)0b111_101_101);
        File.Move(_directory["new"], Executable, overwrite: true);
    }

    /// <summary>As a person does it.</summary>
    public Task<Command.Result> UpgradeAsync() => Command.RunAsync([Binaries.Fpty, "upgrade", Process.UwsgiAddress], within: TimeSpan.FromSeconds(25));

    /// <summary>The same, which must succeed.</summary>
    public async Task ExpectUpgradeAsync()
    {
        await ReplaceAsync(Binaries.Fpty);
        var result = await UpgradeAsync();
        Assert.True(result.Status == 0, $"{result.Error}\n{Process.Log.Text}");
    }

    /// <summary>By a process of its own: what is open for writing in this one goes on in every program that another test starts at this moment, and cannot be executed for so long.</summary>
    private static async Task CopyAsync(string from, string to) => Assert.Equal(0, (await Command.RunAsync(["/bin/cp", from, to])).Status);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _directory.Dispose();
    }
}
