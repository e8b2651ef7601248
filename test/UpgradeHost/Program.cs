using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Forkpty;
using Forkpty.Interop;

// A program on a terminal goes through an exec of the process that has it: the same child, the same terminal, not a byte lost. Each step says a line.
const int Patience = 60_000;
const string Script = "stty -echo; echo ready; while read line; do case $line in end) exit 7;; size) stty size;; *) echo got $line;; esac; done";

return args is ["adopt", var master, var pid, var pidfd] ? Adopt(Number(master), Number(pid), Number(pidfd)) : Begin();

static int Begin()
{
    using var plan = new SpawnPlan(new PtyCommand("/bin/sh") { Arguments = ["-c", Script] });
    (Pty terminal, Leader leader) = PtySpawner.Start(plan, WindowSize.Default);
    ReadUntil(terminal, "ready\r\n");
    Type(terminal, "one\n");
    Say($"before {Environment.ProcessId}: {ReadUntil(terminal, "got one\r\n").Trim()}");
    Type(terminal, "two\n"); // its answer stays in the terminal

    using var self = new SafeFd(KernelException.Check(Libc.open("/proc/self/exe", Libc.O_PATH | Libc.O_CLOEXEC), "open", "/proc/self/exe"));
    string[] handedOver = [.. new[] { terminal.Master.Value, leader.Pid, leader.Pidfd.Value }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
    using var arguments = new StringVector(["upgradehost", "adopt", .. handedOver]);
    using var environment = new StringVector([.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => $"{variable.Key}={variable.Value}")]);
    _ = Libc.fcntl(terminal.Master.Value, Libc.F_SETFD, 0);
    _ = Libc.fcntl(leader.Pidfd.Value, Libc.F_SETFD, 0);
    throw new KernelException("fexecve", "/proc/self/exe", Libc.fexecve(self.Value, arguments, environment));
}

static int Adopt(int master, int pid, int pidfd)
{
    using Pty terminal = Pty.Adopt(master);
    using Leader leader = Leader.Adopt(pid, pidfd);
    Say($"after {Environment.ProcessId}: {ReadUntil(terminal, "got two\r\n").Trim()}");

    string[] open = [.. new DirectoryInfo("/proc/self/fd").GetFileSystemInfos().Select(fd => fd.LinkTarget).OfType<string>()];
    Say($"masters {open.Count(target => target.EndsWith("/ptmx", StringComparison.Ordinal))}, pidfds {open.Count(target => target.Contains("pidfd", StringComparison.Ordinal))}");
    Say($"close-on-exec {Libc.fcntl(master, Libc.F_GETFD)} {Libc.fcntl(pidfd, Libc.F_GETFD)}");

    terminal.Resize(new WindowSize(33, 111));
    Type(terminal, "size\n");
    Say($"size {ReadUntil(terminal, "33 111\r\n").Trim()}");
    Say($"running {leader.TryReap() is null}");
    Type(terminal, "end\n");
    Wait(leader.Pidfd);
    Say($"ended {leader.TryReap()}");
    return 0;
}

static string ReadUntil(Pty terminal, string end)
{
    string said = "";
    byte[] buffer = new byte[1000];
    while (!said.EndsWith(end, StringComparison.Ordinal))
    {
        Wait(terminal.Master);
        int count = KernelException.Check((int)Libc.read(terminal.Master.Value, buffer), "read", terminal.Name);
        said += Encoding.UTF8.GetString(buffer, 0, count);
    }

    return said;
}

static void Wait(SafeFd fd)
{
    long begin = Stopwatch.GetTimestamp();
    Span<Libc.pollfd> poll = [new Libc.pollfd { fd = fd.Value, events = Libc.POLLIN }];
    while (Libc.poll(poll, 1000) == 0)
    {
        if (Stopwatch.GetElapsedTime(begin).TotalMilliseconds > Patience)
            throw new TimeoutException($"Nothing happened on descriptor {fd.Value}.");
    }
}

static void Type(Pty terminal, string text) => KernelException.Check((int)Libc.write(terminal.Master.Value, Encoding.UTF8.GetBytes(text)), "write", terminal.Name);

static void Say(string line) => Libc.write(1, Encoding.UTF8.GetBytes(line + "\n"));

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
