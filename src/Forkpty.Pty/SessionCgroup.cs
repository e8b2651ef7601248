using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Forkpty.Interop;

namespace Forkpty;

/// <summary>
/// A control group for one session, below our own: nobody leaves it by setsid or by losing its parent, and all of it ends at once; cgroups(7).
/// It has no controllers and limits nothing. Costs one descriptor.
/// </summary>
internal sealed partial class SessionCgroup : IDisposable
{
    /// <summary>How long <see cref="Dispose"/> waits for processes that are just ending.</summary>
    private const int Patience = 500;

    private const int MaxProcesses = 1 << 20;
    private const int MaxDepth = 16;
    private const int MaxHeld = 500;
    private const int MaxRounds = 100;

    private readonly SafeFd _directory;

    private SessionCgroup(SafeFd directory, string name, string path)
    {
        _directory = directory;
        Name = name;
        Path = path;
    }

    /// <summary>Takes over a group that this process made before it executed itself.</summary>
    public static SessionCgroup Adopt(SafeFd directory, string name, string path) => new(directory, name, path);

    /// <summary>Its directory, open.</summary>
    public SafeFd Directory => _directory;

    /// <summary>Its name in our own group.</summary>
    public string Name { get; }

    /// <summary>Its directory.</summary>
    public string Path { get; }

    /// <summary>
    /// Makes a group, where this process has a control group of version 2 that it may write. A group that exists is not taken: somebody else's processes may be in it.
    /// </summary>
    /// <param name="name">1 to 64 of <c>A-Z a-z 0-9 . _ -</c>, no dot or dash first, no "cgroup." first; its own among all routers.</param>
    /// <param name="reason">Why there is none.</param>
    /// <param name="below">The process below whose group it is; null for this one.</param>
    /// <exception cref="ArgumentException">That is no name.</exception>
    public static SessionCgroup? TryCreate(string name, [NotNullWhen(false)] out string? reason, int? below = null)
    {
        if (!IsName(name))
            throw new ArgumentException($"'{name}' is no name for a control group.", nameof(name));
        using SafeFd? own = OwnCgroup.TryOpen(out string? path, out reason, below);
        if (own is null)
            return null;

        // Who moves a process must be allowed to write the list of the group that both are below: our own.
        path = path!.TrimEnd('/');
        int result = Libc.openat(own.Value, "cgroup.procs", Libc.O_WRONLY | Libc.O_CLOEXEC);
        if (result < 0)
            return Refused("open", $"{path}/cgroup.procs", result, out reason);
        _ = Libc.close(result);

        path = $"{path}/{name}";
        result = Libc.mkdirat(own.Value, name, AllMayLook);
        if (result < 0)
            return Refused("mkdir", path, result, out reason);
        result = Libc.openat(own.Value, name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
        if (result < 0)
        {
            _ = Libc.rmdirat(own.Value, name);
            return Refused("open", path, result, out reason);
        }

        var group = new SessionCgroup(new SafeFd(result), name, path);
        if (BoundedFile.TryRead(group._directory, "cgroup.type", 100)?.Trim() is "domain")
        {
            if (below is null)
                group.Hold();
            return group;
        }

        group.Dispose();
        reason = $"{path} can have no processes: our own control group is a threaded one";
        return null;
    }

    /// <summary>
    /// Puts a process into the group; what it forks from now on is born there. What it has forked before is not: call it right after the start, and
    /// let <see cref="ProcessTree"/> look for the rest.
    /// </summary>
    /// <param name="pid">A child of ours that is not reaped, so that the number is its own.</param>
    /// <returns>0, or minus errno.</returns>
    public int Enter(int pid) => pid > 0 ? BoundedFile.Write(_directory, "cgroup.procs", Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture))) : -(int)Errno.ESRCH;

    /// <summary>Sends SIGKILL to every process in the group and below it. They end soon after, not yet when this returns: <see cref="WaitUntilEmpty"/>.</summary>
    /// <returns>Whether everybody got it.</returns>
    public bool Kill() => _directory.IsClosed || BoundedFile.Write(_directory, "cgroup.kill", "1"u8) == 0 || KillOneByOne();

    /// <summary>Waits until no process is left in the group or below it, not longer than so many milliseconds. One that has ended and is not reaped does not count.</summary>
    public bool WaitUntilEmpty(int milliseconds)
    {
        long begin = Stopwatch.GetTimestamp();
        int fd = Libc.openat(_directory.Value, "cgroup.events", Libc.O_RDONLY | Libc.O_CLOEXEC);
        if (fd < 0)
            return fd == -(int)Errno.ENOENT; // it was removed
        using var events = new SafeFd(fd);
        while (IsPopulated(BoundedFile.TryRead(events, 1000)))
        {
            int left = milliseconds - (int)Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            if (left <= 0)
                return false;
            _ = Libc.poll(fd, Libc.POLLPRI, left);
        }

        return true;
    }

    /// <summary>Removes the group if nobody is in it, with the groups that its processes have made below it. Does not wait.</summary>
    /// <returns>Whether it is gone.</returns>
    public bool TryRemove() => TryRemove(Path);

    /// <inheritdoc cref="TryRemove()"/>
    /// <param name="path">The group's directory.</param>
    public static bool TryRemove(string path)
    {
        int result = Libc.rmdirat(Libc.AT_FDCWD, path);
        if (result == -(int)Errno.EBUSY && Libc.open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC) is >= 0 and int fd)
        {
            using var directory = new SafeFd(fd);
            if (IsPopulated(BoundedFile.TryRead(directory, "cgroup.events", 1000))) return false;
            RemoveBelow(directory, MaxDepth);
            result = Libc.rmdirat(Libc.AT_FDCWD, path);
        }

        return result is 0 or -(int)Errno.ENOENT;
    }

    /// <summary>The file of a group that changes when the last process leaves; inotify(7) tells.</summary>
    public static string EventsOf(string path) => $"{path}/cgroup.events";

    /// <summary>Removes the group once it is empty. Waits up to 0.5 s for processes that are just ending; a group that is in use stays.</summary>
    public void Dispose()
    {
        if (_directory.IsClosed)
            return;
        if (!TryRemove() && WaitUntilEmpty(Patience))
            _ = TryRemove();
        _directory.Dispose();
    }

    /// <summary>The way before Linux 5.14: those who are listed, until nobody is. Without groups below it.</summary>
    internal bool KillOneByOne()
    {
        _ = BoundedFile.Write(_directory, "cgroup.freeze", "1"u8); // who is frozen does not fork, and SIGKILL reaches it
        bool all = true;
        for (int round = 0; round < MaxRounds && all; round++)
        {
            List<(int Pid, SafeFd Pidfd)> held = [];
            foreach (int pid in Members())
            {
                if (held.Count < MaxHeld && Libc.pidfd_open(pid) is >= 0 and int fd)
                    held.Add((pid, new SafeFd(fd)));
            }

            // Who is listed after its descriptor was opened is meant by it, or has ended.
            HashSet<int> members = [.. Members()];
            foreach ((int pid, SafeFd pidfd) in held)
            {
                if (members.Contains(pid))
                    all &= Libc.pidfd_send_signal(pidfd.Value, Libc.SIGKILL) is 0 or -(int)Errno.ESRCH;
                if (all)
                    _ = Libc.poll(pidfd.Value, Libc.POLLIN, 100);
                pidfd.Dispose();
            }

            if (members.Count == 0)
                return true;
        }

        return false;
    }

    private static SessionCgroup? Refused(string call, string target, int errno, out string reason)
    {
        reason = new KernelException(call, target, errno).Message;
        return null;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name[0] is not ('.' or '-') && !name.StartsWith("cgroup.", StringComparison.Ordinal)
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static bool IsPopulated(string? events) => events?.Split('\n').Contains("populated 1") == true;

    private static void RemoveBelow(SafeFd directory, int depth)
    {
        foreach (string name in Directories(directory))
        {
            int fd = Libc.openat(directory.Value, name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
            if (fd < 0) continue;
            using (var below = new SafeFd(fd))
            {
                if (depth > 0)
                    RemoveBelow(below, depth - 1);
            }

            _ = Libc.rmdirat(directory.Value, name);
        }
    }

    private static List<string> Directories(SafeFd directory)
    {
        List<string> names = [];
        byte[] buffer = new byte[16 * 1024];
        _ = Libc.lseek(directory.Value, 0, Libc.SEEK_SET);
        while (Libc.getdents64(directory.Value, buffer) is > 0 and int filled)
        {
            ReadOnlySpan<byte> entries = buffer.AsSpan(0, filled);
            while (Libc.next_dirent(ref entries, out byte type, out ReadOnlySpan<byte> name))
            {
                if (type == Libc.DT_DIR && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    names.Add(Encoding.UTF8.GetString(name));
            }
        }

        return names;
    }

    private List<int> Members()
    {
        List<int> pids = [];
        foreach (string line in (BoundedFile.TryRead(_directory, "cgroup.procs", MaxProcesses) ?? "").Split('\n'))
        {
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 1 && pid != Environment.ProcessId)
                pids.Add(pid);
        }

        return pids;
    }
}
