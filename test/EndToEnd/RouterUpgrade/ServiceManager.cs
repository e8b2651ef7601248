using System.Diagnostics;

namespace Forkpty.EndToEnd.RouterUpgrade;

/// <summary>A service manager as far as a router notices one: it listens for the router, takes messages, holds descriptors, kills the router and starts it again with what it holds.</summary>
internal sealed class ServiceManager : IAsyncDisposable
{
    // Argument 1: the directory; 2: whether it holds descriptors; then the router's command line. It obeys one word a line.
    private const string Program = """
        import array, os, select, signal, socket, sys
        directory, holds, command = sys.argv[1], sys.argv[2] == "holds", sys.argv[3:]
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        manager.bind(directory + "/notify")
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(directory + "/u")
        listening.listen(100)
        store = []
        router = 0

        def start():
            global router
            given = [("uwsgi", listening.fileno())] + store
            router = os.fork()
            if router: return
            for i, (_, fd) in enumerate(given):
                os.dup2(fd, 500 + i)
            for i in range(len(given)):
                os.dup2(500 + i, 3 + i)
            os.closerange(3 + len(given), 1000)
            os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(given)), LISTEN_FDNAMES=":".join(name for name, _ in given), NOTIFY_SOCKET=directory + "/notify")
            os.execv(command[0], command)

        start()
        while True:
            ready, _, _ = select.select([manager, sys.stdin], [], [])
            if manager in ready:
                text, more, _, _ = manager.recvmsg(4096, 1000)
                fds = [fd for level, kind, data in more for fd in array.array("i", data)]
                lines = text.decode().split()
                name = next((line[7:] for line in lines if line.startswith("FDNAME=")), "")
                if "FDSTORE=1" in lines and holds:
                    store += [(name, fd) for fd in fds]
                else:
                    for fd in fds: os.close(fd)
                if "FDSTOREREMOVE=1" in lines:
                    for each in [each for each in store if each[0] == name]:
                        os.close(each[1])
                        store.remove(each)
                print(" ".join(lines), "store", len(store), flush=True)
            if sys.stdin in ready:
                word = sys.stdin.readline().strip()
                if word == "kill":
                    os.kill(router, signal.SIGKILL)
                    os.waitpid(router, 0)
                    print("killed", flush=True)
                if word == "start":
                    start()
                if word in ("stop", ""):
                    os.kill(router, signal.SIGTERM)
                    _, status = os.waitpid(router, 0)
                    print("stopped", status, flush=True)
                    if not word: break
        """;

    private readonly TempDirectory _directory;
    private readonly Process _process;

    private ServiceManager(TempDirectory directory, Process process)
    {
        _directory = directory;
        _process = process;
        _ = PumpAsync(process.StandardOutput.BaseStream);
        _ = PumpAsync(process.StandardError.BaseStream);
    }

    public Transcript Log { get; } = new("the service manager");

    public string Address => _directory["u"];

    /// <param name="holds">Whether it has a descriptor store.</param>
    /// <param name="group">The directory of the control group in which it runs with its router; null for that of the tests.</param>
    /// <param name="options">Of the router.</param>
    public static async Task<ServiceManager> StartAsync(bool holds, string? group = null, params string[] options)
    {
        var directory = new TempDirectory();
        File.WriteAllText(directory["manager.py"], Program);
        string[] command = [.. Into(group), "/usr/bin/python3", "-S", directory["manager.py"], directory.Root, holds ? "holds" : "drops", Binaries.Fpty, "serve", .. options];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var manager = new ServiceManager(directory, Process.Start(start)!);
        await manager.Log.ExpectAsync("READY=1");
        return manager;
    }

    /// <summary>Words before a command that is to run in a control group.</summary>
    public static string[] Into(string? group) => group is null ? [] : ["/bin/sh", "-c", "echo $$ >\"$0/cgroup.procs\" && exec \"$@\"", group];

    public async Task SayAsync(string word)
    {
        await _process.StandardInput.WriteLineAsync(word);
        await _process.StandardInput.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine(Log.Text);
        _process.Dispose();
        _directory.Dispose();
    }

    /// <summary>In whole lines: the manager's words and the router's log come on two ways, and a line of one may come in pieces.</summary>
    private async Task PumpAsync(Stream stream)
    {
        byte[] buffer = new byte[16_384];
        int have = 0, count;
        while ((count = await stream.ReadAsync(buffer.AsMemory(have))) > 0)
        {
            have += count;
            int whole = have == buffer.Length ? have : buffer.AsSpan(0, have).LastIndexOf((byte)'\n') + 1;
            Log.Append(buffer.AsSpan(0, whole));
            buffer.AsSpan(whole, have - whole).CopyTo(buffer);
            have -= whole;
        }

        Log.Append(buffer.AsSpan(0, have));
    }
}
