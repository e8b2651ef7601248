using System.Text.RegularExpressions;
using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd;

/// <summary>
/// The kernel closes a terminal only when nobody is in the middle of a read of it any more; a program whose page never comes (userfaultfd here, a dead network file system elsewhere) is for as long as it likes.
/// </summary>
public sealed class HangUpThatWaits
{
    /// <summary>Reads its terminal into a page that nobody gives it, and says when it has begun.</summary>
    private const string Reader = """
        import ctypes, fcntl, os, select, signal, struct, threading
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        libc = ctypes.CDLL(None, use_errno=True)
        faults = libc.syscall({'x86_64': 323, 'aarch64': 282}[os.uname().machine], os.O_CLOEXEC | os.O_NONBLOCK)
        if faults < 0:
            print('none')
            raise SystemExit
        fcntl.ioctl(faults, 0xc018aa3f, bytearray(struct.pack('<QQQ', 0xAA, 0, 0)))
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
        page = libc.mmap(None, 4096, 3, 0x22, -1, 0)
        fcntl.ioctl(faults, 0xc020aa00, bytearray(struct.pack('<QQQQ', page, 4096, 1, 0)))
        def tell():
            select.select([faults], [], [])
            print('waits', flush=True)
        threading.Thread(target=tell, daemon=True).start()
        print('ready', flush=True)
        libc.read(0, ctypes.c_void_p(page), 100)
        """;

    [Fact(Timeout = Patience.Test)]
    public async Task A_terminal_that_cannot_be_closed_holds_up_no_keystroke_no_other_hang_up_and_refuses_an_upgrade()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.OpenAsync(router, Request.Open("other", shell: "stty -echo; echo go; cat", onDisconnect: "keep"));
        await other.Output.ExpectAsync("go\r\n");
        int[] readers = [await LeaveReaderAsync(router), await LeaveReaderAsync(router), await LeaveReaderAsync(router)];
        int typed = 0;

        await Patience.PromiseAsync(TimeSpan.FromSeconds(1), "an echo", EchoAsync);

        await using var ordinary = await SessionPeer.OpenAsync(router, Request.Open(shell: "echo go; cat", onDisconnect: "hup"));
        await ordinary.Output.ExpectAsync("go\r\n");
        await ordinary.LeaveAsync();
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(ordinary.Pid), "the end of an ordinary session");

        var upgrade = await Command.RunAsync([Binaries.Fpty, "upgrade", router.UwsgiAddress]);
        Assert.NotEqual(0, upgrade.Status);
        Assert.Contains("terminals hung up, for more than 10 seconds", upgrade.Error, StringComparison.Ordinal);
        await EchoAsync();

        foreach (int reader in readers)
            await Command.SignalAsync(reader, "KILL");
        await Patience.UntilAsync(() => router.Facts().Masters == 1, "the end of the terminals");

        Task<TimeSpan> EchoAsync() => Patience.TimeAsync(async () =>
        {
            string word = $"word-{++typed}";
            await other.TypeAsync($"{word}\r");
            await other.Output.ExpectAsync($"{word}\r\n");
        });
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_terminal_that_cannot_be_closed_holds_up_no_stop()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.OpenAsync(router, Request.Open("other", shell: "echo go; cat", onDisconnect: "keep"));
        await other.Output.ExpectAsync("go\r\n");
        int reader = await LeaveReaderAsync(router);

        await router.SignalAsync("TERM");

        Assert.Equal("stopping", (await other.ExpectExitAsync()).Text("reason"));
        await Patience.UntilAsync(() => !File.Exists(router.UwsgiAddress) && !ProcessFacts.IsAlive(other.Pid), "the end of the socket, and of the other session");
        await Patience.UntilAsync(() => ProcessFacts.State(router.ProcessId) is 'Z' or 'X', "the router's end"); // the kernel keeps its number for the thread that waits
        await Command.SignalAsync(reader, "KILL");
        Assert.Equal(0, await router.ExpectExitAsync());
    }

    /// <summary>A session whose client leaves while its program is in the middle of a read; its pid.</summary>
    private static async Task<int> LeaveReaderAsync(RouterProcess router)
    {
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(command: ["/usr/bin/python3", "-c", Reader], onDisconnect: "hup"));
        Assert.SkipWhen((await peer.Output.ExpectAsync(new Regex("none|ready"))).Value == "none", "userfaultfd(2) is not there, or not for this user");
        await peer.TypeAsync("x\r");
        await peer.Output.ExpectAsync("waits\r\n");
        return peer.Pid;
    }
}
