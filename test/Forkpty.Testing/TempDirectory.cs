namespace Forkpty.Testing;

/// <summary>A directory of one test, with a short path (a socket's path has at most 107 bytes), removed afterwards.</summary>
public sealed class TempDirectory : IDisposable
{
    private static int _count;

    /// <summary>The directory.</summary>
    public string Root { get; } = $"/tmp/f{Environment.ProcessId:x}-{Interlocked.Increment(ref _count):x}";

    /// <summary>Makes the directory, open to other users (a router may run as one).</summary>
    public TempDirectory()
    {
        Directory.CreateDirectory(Root);
        File.SetUnixFileMode(Root, (UnixFileMode)0b111_101_101);
    }

    /// <summary>A path in this directory.</summary>
    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Writes a text file and gives its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Writes an executable script and gives its path.</summary>
    public string WriteScript(string name, string text)
    {
        var path = Write(name, text);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // A process of the test still writes there; the next test has another directory.
        }
    }
}
