using Forkpty.Interop;

namespace Forkpty.Targets;

// What the new program finds around it.
internal sealed partial class Examination
{
    private Finding Label()
    {
        string label = (Processes.Text(Pid, "attr/current") ?? "").TrimEnd('\0', '\n', ' ');
        return label is "" or "unconfined" or "kernel"
            ? new Finding("label", Severity.Fine, "no profile of AppArmor or SELinux is on it")
            : new Finding("label", Severity.Fine, $"the new program will have its label: {Readable.Of(label)}");
    }

    private Finding ControlGroup()
    {
        string? theirs = Processes.Text(Pid, "cgroup"), own = _host.Files.Text("/proc/self/cgroup"), mounts = _host.Files.Text("/proc/self/mountinfo");
        TargetCgroups.Ways ways = TargetCgroups.To(theirs, own, mounts);
        if (ways.Unmatched is not null)
            return new Finding("control group", Severity.Obstacle, Readable.Of(ways.Unmatched), "mount it below /sys/fs/cgroup, or attach from the host; --privileged leaves it out");
        string group = Readable.Of(Processes.Cgroup(Pid));
        List<string> files = [.. ways.Files];
        if (ways.Unified is not null)
            files.Add($"{ways.Unified}/cgroup.procs");
        if (files.Count == 0)
        {
            return group is "" or "/"
                ? new Finding("control group", Severity.Note, "it is in none of its own: its limits of memory and processes are the host's")
                : new Finding("control group", Severity.Fine, $"it is in yours: {group}");
        }

        if (TargetCgroups.CommonFile(theirs, own, mounts) is { } common)
            files.Add(common);
        foreach (string file in files)
        {
            int allowed = Libc.access(_host.Files.Root + file, Libc.W_OK);
            if (allowed < 0)
            {
                return new Finding(
                    "control group", Severity.Obstacle, $"{group} cannot be joined, because {Readable.Of(file)} cannot be written: {KernelException.Describe(allowed)}",
                    allowed == -(int)Errno.EROFS ? "mount the cgroup file system writable, or attach from the host"
                    : $"{With("DAC_OVERRIDE")}; or systemd-run --user --scope fpty attach, which begins in a group of yours; --privileged leaves it out");
            }
        }

        return new Finding("control group", Severity.Fine, $"the new program will be in {group}");
    }

    /// <summary>From the table of its mounts, which is the kernel's: to look at /dev/pts itself would be to trust who made it.</summary>
    private Finding Terminals()
    {
        const string fallback = "a terminal of the host is used: tty says \"not a tty\" there";
        string? type = null, options = null;
        foreach (string line in (Processes.Text(Pid, "mountinfo", HostFiles.MaxState) ?? "").Split('\n'))
        {
            string[] fields = line.Split(' ');
            int dash = Array.IndexOf(fields, "-", Math.Min(6, fields.Length));
            if (dash >= 6 && dash + 3 < fields.Length && fields[4] == "/dev/pts")
                (type, options) = (fields[dash + 1], fields[3] == "/" ? fields[^1] : "a part of it");
        }

        return type switch
        {
            null => new Finding("terminals", Severity.Note, $"nothing is mounted on its /dev/pts, so {fallback}", "mount -t devpts devpts /dev/pts inside, with newinstance where the kernel is old"),
            not "devpts" => new Finding("terminals", Severity.Note, $"on its /dev/pts is {Readable.Of(type)} and no devpts, so {fallback}", "find out who mounted that"),
            _ when options!.Contains("max=0", StringComparison.Ordinal) => new Finding("terminals", Severity.Note, $"its devpts allows no terminal (max=0), so {fallback}"),
            _ => new Finding("terminals", Severity.Fine, "the terminal will be one of its own devpts"),
        };
    }

    private Finding Shell()
    {
        int root = Libc.open(Processes.PathOf(Pid, "root"), Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
        if (root < 0)
            return new Finding("shell", Severity.Note, $"its root directory cannot be looked at: {KernelException.Describe(root)}");
        using var directory = new SafeFd(root);
        foreach (string shell in EntryPlan.OtherShells)
        {
            if (IsProgram(directory, shell))
                return new Finding("shell", Severity.Fine, $"there is {shell}");
        }

        if (AccountsShell(directory) is { } own && IsProgram(directory, own))
            return new Finding("shell", Severity.Fine, $"there is {Readable.Of(own)}, the shell of its first process's user");
        return new Finding("shell", Severity.Obstacle, "there is no shell in it", "name a program that is there after --, or bring one with --toolbox");
    }

    private static bool IsProgram(SafeFd root, string path)
    {
        using SafeFd? file = RegularFile(root, path, out int mode);
        return file is not null && (mode & 0x49 /* 0111 */) != 0;
    }

    /// <summary>A regular file as who is inside finds it, without opening it.</summary>
    private static SafeFd? RegularFile(SafeFd root, string path, out int mode)
    {
        mode = 0;
        int fd = Libc.open_place_in_root(root.Value, path);
        if (fd < 0) return null;
        var file = new SafeFd(fd);
        if (Libc.fstat(fd, out Libc.FileState state) == 0 && (state.Mode & Libc.S_IFMT) == Libc.S_IFREG)
        {
            mode = state.Mode;
            return file;
        }

        file.Dispose();
        return null;
    }

    /// <summary>The shell that the target's own accounts name, which an attach tries before all others.</summary>
    private string? AccountsShell(SafeFd root)
    {
        // Of the kernel's own file systems nothing is read: the log in /proc is a regular file, and who reads it takes it away.
        using SafeFd? found = RegularFile(root, "/etc/passwd", out _);
        if (found is null || Libc.fstatfs_type(found.Value, out uint type) < 0 || type is Libc.PROC_SUPER_MAGIC or Libc.SYSFS_MAGIC) return null;
        int opened = Libc.reopen(found.Value, Libc.O_RDONLY);
        if (opened < 0) return null;
        using var file = new SafeFd(opened);
        if (new IdMap(Processes.Text(Pid, "uid_map"), isOurs: Processes.Link(Pid, "ns/user") == Processes.Own("user")).Inside(Processes.EffectiveUser(Pid) ?? uint.MaxValue) is not { } uid) return null;
        byte[] passwd = System.Text.Encoding.UTF8.GetBytes(BoundedFile.TryRead(file, EntryHelper.MostText) ?? "");
        return new TargetAccounts(passwd, null).Find(uid)?.Shell is { } shell && EntryUser.IsUsable(shell) ? shell : null;
    }

    private static Finding BroughtShell()
    {
        try
        {
            using SafeFd busybox = Toolbox.Open();
            return new Finding("shell", Severity.Fine, "the static busybox of this machine is brought");
        }
        catch (EntryException none)
        {
            return new Finding("shell", Severity.Obstacle, none.Message, "name a program that is there after --, without --toolbox");
        }
    }
}
