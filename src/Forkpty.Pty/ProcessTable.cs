using System.Buffers.Text;
using System.Globalization;
using Forkpty.Interop;

namespace Forkpty;

/// <summary>The processes that there are, as /proc lists them: whoever looks at one and then acts on it has to look again, for it may be another by then.</summary>
internal sealed class ProcessTable : IDisposable
{
    /// <summary>The 22 fields that we read have at most 500 bytes.</summary>
    private const int MaxStat = 1024;

    /// <summary>Room for one entry of a directory, however long its name, or for 8 numbers.</summary>
    private const int MaxEntry = 280;

    private readonly SafeFd _proc;

    private ProcessTable(SafeFd proc) => _proc = proc;

    /// <summary>Opens /proc; null where there is none, or where it is that of another pid namespace: its numbers would not be ours.</summary>
    public static ProcessTable? TryOpen()
    {
        int fd = Libc.open("/proc", Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
        if (fd < 0) return null;
        var table = new ProcessTable(new SafeFd(fd));
        if (Libc.fstatfs_type(fd, out uint type) == 0 && type == Libc.PROC_SUPER_MAGIC && table.Find("self") is { } self && self.Pid == Libc.getpid())
            return table;
        table.Dispose();
        return null;
    }

    /// <summary>The process of that number, or null where there is none or it is hidden from us.</summary>
    /// <exception cref="KernelException">No descriptor is left to look with.</exception>
    public ProcessStat? Find(int pid) => Find(pid.ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// Every process, each as it is at the moment it is taken. The kernel lists them by number, some few at a time, so one that is born meanwhile comes too where its number is above the
    /// present one's: who ends before he is looked at has his child listed after him.
    /// </summary>
    /// <exception cref="KernelException">No descriptor is left to look with.</exception>
    public IEnumerable<ProcessStat> All()
    {
        byte[] entries = new byte[MaxEntry];
        var pids = new List<int>();
        _ = Libc.lseek(_proc.Value, 0, Libc.SEEK_SET);
        while (Libc.getdents64(_proc.Value, entries) is > 0 and int filled)
        {
            Numbers(entries.AsSpan(0, filled), pids);
            foreach (int pid in pids)
            {
                if (Find(pid) is { } process)
                    yield return process;
            }
        }
    }

    public void Dispose() => _proc.Dispose();

    private static void Numbers(ReadOnlySpan<byte> entries, List<int> pids)
    {
        pids.Clear();
        while (Libc.next_dirent(ref entries, out _, out ReadOnlySpan<byte> name))
        {
            if (Utf8Parser.TryParse(name, out int pid, out int used) && used == name.Length && pid > 0)
                pids.Add(pid);
        }
    }

    private ProcessStat? Find(string name)
    {
        int fd = Libc.openat(_proc.Value, $"{name}/stat", Libc.O_RDONLY | Libc.O_CLOEXEC);
        if (fd < 0)
            return (Errno)(-fd) is Errno.ENOENT or Errno.ESRCH or Errno.EACCES or Errno.EPERM ? null : throw new KernelException("open", $"/proc/{name}/stat", fd);
        using var file = new SafeFd(fd);
        Span<byte> line = stackalloc byte[MaxStat];
        int count = (int)Libc.read(fd, line);
        return count > 0 && ProcessStat.TryParse(line[..count], out ProcessStat stat) ? stat : null;
    }
}
