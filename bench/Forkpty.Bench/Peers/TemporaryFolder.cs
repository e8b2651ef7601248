namespace Forkpty.Bench;

/// <summary>A folder for sockets and logs, gone when disposed and at the latest at the end of the run.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private static readonly Lazy<string> Root = new(() => Directory.CreateTempSubdirectory("fpty-bench-").FullName);
    private static int _count;
    private static volatile bool _over;

    private readonly string _path;

    public TemporaryFolder()
    {
        if (_over)
            throw new OperationCanceledException("the run is over");
        _path = Directory.CreateDirectory(Path.Combine(Root.Value, $"{Interlocked.Increment(ref _count)}")).FullName;
    }

    /// <summary>Removes all of them, and makes no more.</summary>
    public static void RemoveAll()
    {
        _over = true;
        if (Root.IsValueCreated)
            Remove(Root.Value);
    }

    public string PathOf(string name) => Path.Combine(_path, name);

    public string TextOf(string name) => File.Exists(PathOf(name)) ? File.ReadAllText(PathOf(name)).Trim() : "";

    public void Dispose() => Remove(_path);

    // A server that is just ending, or another thread at the end of the run, may add or remove a file meanwhile.
    private static void Remove(string path)
    {
        for (int attempt = 0; Directory.Exists(path) && attempt < 10; attempt++)
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (IOException)
            {
                Pause.Milliseconds(10);
            }
        }
    }
}
