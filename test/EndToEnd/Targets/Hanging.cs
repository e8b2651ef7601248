using System.Diagnostics;
using Forkpty.EndToEnd.Attach;

namespace Forkpty.EndToEnd.Targets;

/// <summary>A process that can make whoever looks at it wait for ever: its arguments, and the state of its input.</summary>
public sealed class Hanging
{
    // A file system that answers the first read of each of its files with an error, and from the second on nothing. A thread of a process faults on such a file, and holds the lock of the process's
    // memory meanwhile; the next maps something, and whoever reads behind it waits.
    private const string Script = """
        import ctypes, os, struct, sys, threading, time
        libc = ctypes.CDLL(None, use_errno=True)
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
        libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        place, count, user = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
        fuse = os.open('/dev/fuse', os.O_RDWR | os.O_CLOEXEC)
        assert libc.mount(b'hang', place.encode(), b'fuse.hang', 0, b'fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other' % fuse) == 0
        hangs = threading.Event()
        def attributes(node):
            return struct.pack('<QQQQQQIIIIIIIIII', node, 4096, 8, 0, 0, 0, 0, 0, 0, 0o40755 if node == 1 else 0o100644, 1, 0, 0, 0, 4096, 0)
        def serve():
            reads, hanging = {}, set()
            while True:
                request = os.read(fuse, 1 << 17)
                _, code, unique, node = struct.unpack('<IIQQ', request[:24])
                error, answer = 0, b''
                if node in hanging: continue
                elif code == 26: answer = struct.pack('<IIIIHHIIHHI', 7, 31, 65536, 0, 12, 12, 65536, 1, 0, 0, 0) + bytes(24) # INIT
                elif code == 1: answer = struct.pack('<QQQQII', 2 + int(request[40:].rstrip(b'\0')), 0, 0, 0, 0, 0) + attributes(2 + int(request[40:].rstrip(b'\0'))) # LOOKUP
                elif code == 3: answer = struct.pack('<QII', 0, 0, 0) + attributes(node) # GETATTR
                elif code in (14, 27): answer = struct.pack('<QII', 1, 0, 0) # OPEN
                elif code == 15: # READ
                    error = -5
                    if node in reads:
                        hanging.add(node)
                        if len(hanging) == count: hangs.set()
                        continue
                    reads[node] = True
                elif code in (2, 36, 42): continue # no answer is wanted
                else: error = -38
                os.write(fuse, struct.pack('<IiQ', 16 + len(answer), error, unique) + answer)
        threading.Thread(target=serve, daemon=True).start()
        for i in range(count):
            if os.fork(): continue
            os.close(fuse) # and the file is here alone: so all of it ends with the one that serves
            file = os.open(place + '/%d' % i, os.O_RDONLY)
            os.setuid(user)
            os.dup2(file, 0)
            at = libc.mmap(None, 4096, 1, 1, file, 0)
            libc.madvise(at, 4096, 1) # no reading ahead
            threading.Thread(target=lambda: libc.memcmp(ctypes.c_void_p(at), b'x', 1), daemon=True).start()
            while True:
                time.sleep(0.1)
                libc.mmap(None, 4096, 3, 0x22, -1, 0)
        hangs.wait()
        print('hangs', flush=True)
        time.sleep(1000)
        """;

    /// <summary>Alone: the ps(1) of another test would wait too.</summary>
    [Fact(Timeout = Patience.HeavyTest, DisableParallelization = true)]
    public async Task It_keeps_nobody_waiting()
    {
        await using Hung hung = await Hung.StartAsync(count: 1);
        string hanging = hung.Processes[0];

        Assert.Equal(0, (await RunAsync("ps", "--all")).Status);
        Assert.Contains($"process {hanging} runs: [python3]", (await RunAsync("doctor", hanging)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("orphans", $"pid:{hung.Server}")).Status);
        Assert.Contains("nothing that runs has this name", (await RunAsync("attach", "nothing-of-this-name")).Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest, DisableParallelization = true)]
    public async Task However_many_a_user_has_the_arguments_of_others_are_read()
    {
        await using Hung hung = await Hung.StartAsync(count: 9, user: 61236);
        await using var container = await RunningTarget.StartAsync(TargetKind.Runc); // younger than they are, so read after them

        string row = (await RunAsync("ps")).Output.Split('\n').Single(line => line.StartsWith($"{container.FullName} ", StringComparison.Ordinal));

        Assert.DoesNotContain(" [", row, StringComparison.Ordinal);
    }

    private static Task<Command.Result> RunAsync(params string[] words) => Command.RunAsync([Binaries.Fpty, .. words]);

    /// <summary>Some such processes, all in namespaces of their own.</summary>
    private sealed class Hung(Process outer, TempDirectory directory, string server, string[] processes) : IAsyncDisposable
    {
        public string Server => server;

        public string[] Processes => processes;

        public static async Task<Hung> StartAsync(int count, int user = 0)
        {
            Assert.SkipUnless(Environment.UserName == "root" && File.Exists("/dev/fuse"), "only root mounts a file system of FUSE");
            var directory = new TempDirectory();
            string[] command = ["/usr/bin/unshare", "--mount", "--pid", "--fork", "--kill-child", "/usr/bin/python3", directory.Write("hang.py", Script), directory.Root, $"{count}", $"{user}"];
            var outer = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
            Assert.Equal("hangs", await outer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            string server = (await ChildrenOfAsync($"{outer.Id}"))[0];
            var hung = new Hung(outer, directory, server, await ChildrenOfAsync(server));
            foreach (string process in hung.Processes)
                await Patience.UntilAsync(() => Command.RunAsync(["/usr/bin/timeout", "-s", "KILL", "1", "/bin/cat", $"/proc/{process}/cmdline"]).Result.Status != 0, "its arguments cannot be read");
            return hung;
        }

        public async ValueTask DisposeAsync()
        {
            outer.Kill();
            await outer.WaitForExitAsync();
            outer.Dispose();
            directory.Dispose();
        }

        private static async Task<string[]> ChildrenOfAsync(string pid) => (await File.ReadAllTextAsync($"/proc/{pid}/task/{pid}/children")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
