namespace Forkpty.EndToEnd;

public sealed class InOtherRoots
{
    // A container's root has devices and a devpts, and nothing else of the host.
    private const string EnterRoot =
        "root=$0; mkdir -p $root/dev/pts; mount -t tmpfs none $root/dev; mkdir $root/dev/pts; mount -t devpts -o newinstance,ptmxmode=0666 devpts $root/dev/pts; " +
        "ln -s pts/ptmx $root/dev/ptmx; : > $root/dev/null; mount --bind /dev/null $root/dev/null; exec chroot $root \"$@\"";

    [Fact]
    public void It_is_at_most_4_mebibytes() => Assert.InRange(new FileInfo(Binaries.StaticFpty).Length, 1, 4 << 20);

    [Theory(Timeout = Patience.Test)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_needs_no_library(bool small)
    {
        using var directory = new TempDirectory();
        File.Copy(small ? Binaries.StaticFpty : Binaries.Fpty, directory["fpty"]);

        var result = await Command.RunAsync(["/usr/sbin/chroot", directory.Root, "/fpty", "--version"]);

        Assert.Equal(0, result.Status);
        Assert.Contains("fpty", result.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task It_serves_a_shell_in_a_busybox_root()
    {
        using var directory = new TempDirectory();
        await Command.ShellAsync($"mkdir -p {directory["root/bin"]} && cp $(command -v busybox) {directory["root/bin/busybox"]} && ln -s busybox {directory["root/bin/sh"]}");
        await using var process = await ServeAsync(directory, command: null);
        await using var client = await SocketClient.ConnectAsync(directory["root/r"], Wire.Raw);

        await client.TypeAsync("busybox tty; busybox ls /; echo sum-$((20+22))\r");

        await client.Output.ExpectAsync("/dev/pts/0");
        await client.Output.ExpectAsync("sum-42");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task It_serves_in_an_empty_root()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["root"]);
        await using var process = await ServeAsync(directory, command: "/fpty");
        await using var client = await SocketClient.ConnectAsync(directory["root/r"], Wire.Raw);

        await client.ExpectOverAsync();
        Assert.Contains("fpty", client.Output.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Where_the_shell_is_missing_the_client_reads_so()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["root"]);
        await using var process = await ServeAsync(directory, command: null);
        await using var client = await SocketClient.ConnectAsync(directory["root/r"], Wire.Raw);

        await client.ExpectOverAsync();
        Assert.Contains("/bin/sh", client.Output.Text, StringComparison.Ordinal);
    }

    private static async Task<RouterProcess> ServeAsync(TempDirectory directory, string? command)
    {
        Assert.SkipUnless(Environment.UserName == "root", "another root needs root");
        File.Copy(Binaries.StaticFpty, directory["root/fpty"]);
        var setup = new RouterSetup
        {
            OwnSockets = false,
            Executable = "/fpty",
            Wrapper = ["/usr/bin/unshare", "--mount", "/bin/sh", "-ec", EnterRoot, directory["root"]],
            Arguments = ["--forkpty-router", "/r"],
            Command = command,
        };
        var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup, directory);
        await Patience.UntilAsync(() => process.Log.Text.Contains("listening on /r", StringComparison.Ordinal), "the router's word that it listens");
        return process;
    }
}
