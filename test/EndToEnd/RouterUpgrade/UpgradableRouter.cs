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
        File.Copy((setup?.Executable ?? Binaries.Fpty), directory["fpty"]);
        File.SetUnixFileMode(directory.Root, (UnixFileMode)0b111_101_101);
        setup = (setup ?? new RouterSetup()) with { Executable = directory["fpty"] };
        return new UpgradableRouter(directory, await RouterProcess.StartAsync(RouterKind.Fpty, setup, directory));
    }

    /// <summary>Puts another executable into the place of the one that runs, as a package does: by a rename.</summary>
    public void Replace(string by)
    {
        File.Copy(by, _directory["new"]);
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
        Replace(Binaries.Fpty);
        var result = await UpgradeAsync();
        Assert.True(result.Status == 0, $"{result.Error}\n{Process.Log.Text}");
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _directory.Dispose();
    }
}
