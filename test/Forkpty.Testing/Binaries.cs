namespace Forkpty.Testing;

/// <summary>Where the programs under test are.</summary>
public static class Binaries
{
    /// <summary>The root of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The published executable; the variable FPTY names another one.</summary>
    public static string Fpty { get; } = Environment.GetEnvironmentVariable("FPTY") is { Length: > 0 } named ? named : Path.Combine(Repository, "out/fpty");

    /// <summary>The executable that needs no libc.</summary>
    public static string StaticFpty { get; } = Path.Combine(Repository, "out/static/fpty");

    private static string FindRepository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Forkpty.slnx")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException($"There is no Forkpty.slnx above {AppContext.BaseDirectory}.");
    }
}
