namespace Forkpty.EndToEnd.Attach;

/// <summary>The root directory of a target: a static busybox under its names, accounts, and nothing else.</summary>
public sealed class RootFileSystem : IDisposable
{
    private static readonly string[] Applets =
        ["sh", "ls", "id", "tty", "stty", "cat", "ps", "mount", "env", "sleep", "hostname", "find", "grep", "sort", "mkdir", "kill", "readlink", "echo", "true", "umask", "mknod", "touch", "head", "stat", "setsid", "nohup"];

    private readonly TempDirectory _directory = new();

    /// <summary>Makes it; <paramref name="owner"/> is the id of its root outside.</summary>
    public static async Task<RootFileSystem> CreateAsync(int owner = 0, bool shell = true)
    {
        var root = new RootFileSystem();
        var script = $"""
            cd {root.Path} && mkdir -p bin dev proc sys etc tmp home/bob && chmod 1777 tmp
            {(shell ? $"cp $(command -v busybox) bin/busybox && for a in {string.Join(' ', Applets)}; do ln -s busybox bin/$a; done" : $"gcc -static -Os -x c -o bin/wait - <<< 'int pause(void); int main(void) {{ for (;;) pause(); }}'")}
            printf 'root:x:0:0:root:/:/bin/sh\nbob:x:1000:1000::/home/bob:/bin/sh\nlocked:x:1001:1001::/nowhere:/usr/sbin/nologin\n' > etc/passwd
            printf 'root:x:0:\ntty:x:5:\nbob:x:1000:\nextra:x:1500:bob\nlocked:x:1001:\n' > etc/group
            chown -R {owner}:{owner} . && chown {owner + 1000}:{owner + 1000} home/bob
            """;
        await Command.ShellAsync(script);
        return root;
    }

    /// <summary>Where it is.</summary>
    public string Path => _directory.Root;

    /// <summary>A path in it.</summary>
    public string this[string name] => _directory[name];

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();
}
