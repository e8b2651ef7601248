using Forkpty.Interop;
using Forkpty.Testing;

namespace Forkpty.Targets;

/// <summary>A machine below a directory: its /proc, /run, /var and /sys, as far as a test fills them.</summary>
internal sealed class HostPicture : IDisposable
{
    public const string OwnPids = "pid:[4026531836]";

    private readonly TempDirectory _directory = new();

    public HostPicture()
    {
        Host = new Host(_directory.Root);
        Write("/proc/self/status", $"Uid:\t{Libc.geteuid()}\t{Libc.geteuid()}\t0\t0\nCapEff:\t000001ffffffffff\nSeccomp:\t0\n");
        Write("/proc/self/cgroup", "1:name=systemd:/\n0::/\n");
        Write("/proc/self/mountinfo", "9000030 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n32 1 0:28 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n");
        Namespaces("/proc/self", OwnPids);
    }

    public Host Host { get; }

    public string PathOf(string path) => _directory.Root + path;

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
    }

    /// <summary>A process runs a file of this machine's, as one in a container does not: its mount is among those of process 1.</summary>
    public void Program(int pid, string path)
    {
        Write(path, "");
        Link($"/proc/{pid}/exe", PathOf(path));
        using var file = new SafeFd(Libc.open(PathOf(path), Libc.O_PATH | Libc.O_CLOEXEC));
        File.AppendAllText(PathOf("/proc/self/mountinfo"), $"{Mount.Of(file)} 1 0:29 / / rw - ext4 ext4 rw\n");
    }

    /// <summary>A symbolic link, in place of one that is there.</summary>
    public void Link(string path, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.Delete(PathOf(path));
        File.CreateSymbolicLink(PathOf(path), to);
    }

    /// <summary>A state file as a runtime wrote it; see Recorded.</summary>
    public static string Recorded(string name)
    {
        using Stream stream = typeof(HostPicture).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    public void Process(int pid, ulong start, string cgroup = "/", string command = "sleep 1000", int parent = 1, char state = 'S', string status = "", string? pids = null, string? uid = null)
    {
        string directory = $"/proc/{pid}";
        uid ??= $"{Libc.geteuid()}";
        Write($"{directory}/stat", $"{pid} (a b) {state} {parent} {pid} {pid} 0 -1 4194560 949 0 0 0 5 2 0 0 20 0 {(command.Contains("__serve", StringComparison.Ordinal) ? 4 : 1)} 0 {start} 2322432 332\n");
        Write($"{directory}/status", $"Name:\ta\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\n{(status.Contains("VmSize", StringComparison.Ordinal) ? "" : "VmSize:\t 2268 kB\n")}{status}");
        Write($"{directory}/cmdline", command.Replace(' ', '\0') + "\0");
        Write($"{directory}/comm", command.Split(' ')[0].Split('/')[^1] + "\n");
        Write($"{directory}/cgroup", $"1:name=systemd:{cgroup}\n0::{cgroup}\n");
        Write($"{directory}/uid_map", "         0          0 4294967295\n");
        Write($"{directory}/mountinfo", "9000031 20 0:40 / /dev/pts rw - devpts devpts rw,mode=620,ptmxmode=666\n");
        Namespaces(directory, pids ?? $"pid:[{5000 + pid}]");
    }

    public void Dispose() => _directory.Dispose();

    private void Namespaces(string directory, string pids)
    {
        Directory.CreateDirectory(PathOf($"{directory}/ns"));
        foreach (string kind in (string[])["user", "mnt", "net", "ipc", "uts", "cgroup", "time"])
            File.CreateSymbolicLink(PathOf($"{directory}/ns/{kind}"), kind == "mnt" ? pids.Replace("pid", "mnt", StringComparison.Ordinal) : $"{kind}:[1]");
        File.CreateSymbolicLink(PathOf($"{directory}/ns/pid"), pids);
    }
}
