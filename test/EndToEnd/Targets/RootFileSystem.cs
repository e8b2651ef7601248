namespace Forkpty.EndToEnd.Targets;

/// <summary>A root directory made of busybox, for containers: no registry is asked for an image.</summary>
internal sealed class RootFileSystem : IDisposable
{
    private readonly TempDirectory _directory = new();

    private RootFileSystem()
    {
    }

    public string Path => _directory["root"];

    public string this[string name] => _directory[name];

    public static async Task<RootFileSystem> MakeAsync()
    {
        Assert.SkipUnless(Environment.UserName == "root", "containers of the machine need root");
        Assert.SkipUnless(File.Exists("/bin/busybox"), "busybox-static is not installed");
        var made = new RootFileSystem();
        await Command.ShellAsync(
            $"mkdir -p {made.Path}/bin {made.Path}/proc {made.Path}/sys {made.Path}/dev {made.Path}/etc {made.Path}/tmp; cp /bin/busybox {made.Path}/bin; " +
            $"for each in sh cat sleep tty id stty; do ln -s busybox {made.Path}/bin/$each; done; echo root:x:0:0:root:/:/bin/sh >{made.Path}/etc/passwd");
        return made;
    }

    public void Dispose() => _directory.Dispose();
}
