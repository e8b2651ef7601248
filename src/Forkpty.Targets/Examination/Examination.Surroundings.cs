using Forkpty.Interop;

namespace Forkpty.Targets;

// What the new program finds around it.
internal sealed partial class Examination
{
    private static readonly string[] Shells = ["/bin/sh", "/bin/bash", "/bin/ash", "/bin/busybox"];

    private Finding Label()
    {
        string label = (Processes.Text(Pid, "attr/current") ?? "").TrimEnd('\0', '\n', ' ');
        return label is "" or "unconfined" or "kernel"
            ? new Finding("label", Severity.Fine, "no profile of AppArmor or SELinux is on it")
            : new Finding("label", Severity.Fine, $"the new program will have its label: {Readable.Of(label)}");
    }

    private Finding ControlGroup()
    {
        string group = Processes.Cgroup(Pid);
        if (group is "" or "/")
            return new Finding("control group", Severity.Note, "it is in none of its own: its limits of memory and processes are the host's");
        if (group.Contains("/../", StringComparison.Ordinal))
            return new Finding("control group", Severity.Obstacle, $"{Readable.Of(group)} is outside of your cgroup namespace", "attach from the host; or with --privileged, which leaves it out");
        foreach (string directory in Processes.CgroupDirectories(group))
        {
            int allowed = Libc.access($"{directory}/cgroup.procs", Libc.W_OK);
            if (allowed == 0)
                return new Finding("control group", Severity.Fine, $"the new program will be in {Readable.Of(group)}");
            if (allowed != -(int)Errno.ENOENT)
            {
                return new Finding(
                    "control group", Severity.Obstacle, $"{Readable.Of(directory)} cannot be joined: {KernelException.Describe(allowed)}",
                    allowed == -(int)Errno.EROFS ? "mount the cgroup file system writable, or attach from the host" : $"sudo fpty attach {Name}");
            }
        }

        return new Finding("control group", Severity.Obstacle, $"{Readable.Of(group)} is below no mount of cgroup here", "mount it on /sys/fs/cgroup; or attach with --privileged, which leaves it out");
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
        foreach (string shell in Shells)
        {
            int fd = Libc.open_place_in_root(root, shell);
            if (fd < 0) continue;
            using var file = new SafeFd(fd);
            if (Libc.fstat(fd, out Libc.FileState state) == 0 && (state.Mode & Libc.S_IFMT) == Libc.S_IFREG && (state.Mode & 0x49 /* 0111 */) != 0)
                return new Finding("shell", Severity.Fine, $"there is {shell}");
        }

        return new Finding("shell", Severity.Obstacle, "there is no shell in it", "name a program that is there after --, or bring one with --toolbox");
    }
}
