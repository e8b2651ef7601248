namespace Forkpty.EndToEnd;

public sealed class ReadyNotification
{
    // What a service manager does: it takes messages on a socket and looks at the pid that the kernel has put on each.
    private const string Manager = """
        import os, socket, struct, sys
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        manager.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        manager.bind(sys.argv[1])
        os.chmod(sys.argv[1], 0o777)
        print("here", flush=True)
        while True:
            text, more, _, _ = manager.recvmsg(4096, 64)
            pid = struct.unpack("iII", more[0][2])[0]
            for line in text.decode().split():
                print(f"{line} from {pid}.", flush=True)
        """;

    [Theory(Timeout = Patience.Test)]
    [InlineData("")]
    [InlineData("unshare=uts")]
    [InlineData("unshare=user")]
    [InlineData("unshare=pid")]
    [InlineData("unshare=user,pid,net", "uid=nobody")]
    [InlineData("chroot", "unshare=pid", "uid=nobody")]
    public async Task The_service_manager_hears_from_the_process_it_started_that_the_router_serves_and_that_its_end_begins(params string[] options)
    {
        Assert.SkipUnless(Environment.UserName == "root" || options is [""], "a jail needs root");
        using var directory = new TempDirectory();
        File.SetUnixFileMode(directory.Root, (UnixFileMode)0b111_101_101);
        await using var manager = await Terminal.StartAsync(["/usr/bin/python3", "-S", "-c", Manager, directory["notify"]]);
        await manager.Output.ExpectAsync("here");
        var setup = new RouterSetup
        {
            Executable = Binaries.StaticFpty,
            Environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = directory["notify"] },
            Options = [.. options.Where(o => o.Length > 0).Select(o => o.Split('=')).Select(o => (o[0], o[0] == "chroot" ? directory["root"] : o[1]))],
        };
        Directory.CreateDirectory(directory["root"]);
        await using var process = RouterProcess.Launch(RouterKind.Fpty, setup);

        await manager.Output.ExpectAsync($"READY=1 from {process.ProcessId}.");
        await process.WaitUntilListeningAsync(process.UwsgiAddress, TimeSpan.Zero);

        await process.SignalAsync("TERM");
        await manager.Output.ExpectAsync($"STOPPING=1 from {process.ProcessId}.");
        Assert.Equal(0, await process.ExpectExitAsync());
    }
}
