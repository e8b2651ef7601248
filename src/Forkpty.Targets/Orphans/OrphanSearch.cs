using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>
/// Finds what exec has left behind in targets. Measured: a client of <c>runc exec -t</c> that is killed takes its shell with it, but for programs that ignore the hang-up; without -t the
/// program stays, its pipes without a reader. With <c>podman exec</c> it always stays, whatever signal the client dies of: conmon keeps the terminal. Of <c>docker exec</c> no file tells
/// whether its client lives, so nothing is said of that.
/// </summary>
internal sealed class OrphanSearch(Host host)
{
    private const uint FirstTerminal = 136; // Unix98 terminals have the major numbers 136 to 143
    private const uint LastTerminal = 143;

    private ulong? _pipes;

    private HostProcesses Processes => host.Processes;

    /// <summary>All in some targets, the oldest first.</summary>
    /// <param name="targets">Where to look.</param>
    /// <param name="untold">Those of them of which it cannot be told what is in them.</param>
    public List<Orphan> In(IReadOnlyList<Target> targets, out List<Target> untold)
    {
        var orphans = new List<Orphan>();
        var membership = new Membership(Processes, targets);
        untold = membership.Untold;
        foreach (ProcessStat process in membership.All)
        {
            if (membership.Of(process) is not { } target || ReasonOf(process) is not { } reason) continue;
            orphans.Add(new Orphan(target, process, reason)
            {
                Command = Processes.Command(process.Pid),
                UserId = Processes.EffectiveUser(process.Pid) ?? 0,
            });
        }

        return orphans;
    }

    /// <summary>Hangs a process up: SIGHUP, and SIGCONT so that a stopped one hears it. It is looked at again before, by a descriptor that cannot come to mean another process.</summary>
    /// <returns>0; -ESRCH where it is an orphan no more; or minus errno.</returns>
    public int HangUp(Orphan orphan)
    {
        int pidfd = Libc.pidfd_open(orphan.Process.Pid);
        if (pidfd < 0) return pidfd;
        using var held = new SafeFd(pidfd);
        if (Processes.Find(orphan.Process.Pid) is not { } process || !process.IsSame(orphan.Process) || ReasonOf(process) is null)
            return -(int)Errno.ESRCH;
        int result = Libc.pidfd_send_signal(pidfd, Libc.SIGHUP);
        return result < 0 ? result : Libc.pidfd_send_signal(pidfd, Libc.SIGCONT);
    }

    private OrphanReason? ReasonOf(ProcessStat process) => WhatIsGone(process) is { } reason && !IsOfOurs(process.Pid) ? reason : null;

    /// <summary>A router and its supervisor go on without the terminal that they were started on. They are programs of this machine: what a container calls so is none.</summary>
    private bool IsOfOurs(int pid) =>
        Processes.Arguments(pid) is { Length: > 0 } words && words is not [_, "connect" or "attach" or "events", ..]
        && (words is [_, ['_', '_', ..], ..] || (Processes.Link(pid, "exe") is { } program && program.EndsWith(" (deleted)", StringComparison.Ordinal) is var isGone && Path.GetFileName(isGone ? program[..^10] : program) == "fpty"))
        && (Processes.IsOurProgram(pid) || Processes.IsOfThisMachine(pid));

    private OrphanReason? WhatIsGone(ProcessStat process)
    {
        for (int fd = 0; fd <= 2; fd++)
        {
            // What the name of the link says, "(deleted)", could be the name of a file. Nothing is opened.
            if (Libc.stat_device(Processes.PathOf(process.Pid, Descriptor(fd)), out uint links, out uint major, out _) == 0 && major is >= FirstTerminal and <= LastTerminal && links == 0)
                return OrphanReason.Terminal;
        }

        if (!CameFromOutside(process)) return null;
        if (Processes.Name(process.Parent) == "conmon")
            return Array.IndexOf(Processes.Arguments(process.Parent), "--exec-attach") >= 0 && !HasClient(process.Parent) ? OrphanReason.Client : null;
        return HasNoReader(process.Pid, 1) || HasNoReader(process.Pid, 2) ? OrphanReason.Reader : null;
    }

    /// <summary>
    /// Exec has made it: it is deeper in pid namespaces than its parent, as the numbers tell that each has in them (the namespaces themselves may be hidden, as those
    /// of process 1 can be). Where a target has no namespace of its own, nobody can tell.
    /// </summary>
    private bool CameFromOutside(ProcessStat process) => Depth(process.Parent) is > 0 and var outside && outside < Depth(process.Pid);

    private int Depth(int pid) => HostProcesses.Numbers(Processes.Status(pid)).Length;

    /// <summary>
    /// A client of podman's is connected to conmon's socket "attach". When it is gone, conmon keeps its end, which still says it is connected (03); but the other end holds no
    /// reference any more: 2 instead of 3 (measured), in proc_net(5)'s second column.
    /// </summary>
    private bool HasClient(int monitor)
    {
        List<UnixSocket> sockets = Processes.Sockets(monitor);
        return sockets.Count == 0 // not ours to know
            || sockets.Exists(static socket => socket is { IsConnected: true, References: > 2 } && socket.Path.EndsWith("/attach", StringComparison.Ordinal));
    }

    /// <summary>
    /// The end that one writes to says so (POLLERR) once no reader is left; pipe(7). A pipe without a name makes nobody wait who opens it; and that it is one is asked of the very file
    /// that is then opened, for the process can put another in its place, as a terminal, a device or one on a file system of its own.
    /// </summary>
    private bool HasNoReader(int pid, int fd)
    {
        int found = Libc.open(Processes.PathOf(pid, Descriptor(fd)), Libc.O_PATH | Libc.O_CLOEXEC);
        if (found < 0) return false;
        using var file = new SafeFd(found);
        if (Libc.fstat_unasked(found, out Libc.FileState state) < 0 || (state.Mode & Libc.S_IFMT) != Libc.S_IFIFO || state.Device != (_pipes ??= DeviceOfPipes()))
            return false;
        int opened = Libc.reopen(found, Libc.O_WRONLY);
        if (opened < 0) return false;
        using var pipe = new SafeFd(opened);
        return Libc.poll(opened, Libc.POLLOUT, 0) is > 0 and int events && (events & Libc.POLLERR) != 0;
    }

    /// <summary>The kernel has one file system for all pipes without a name.</summary>
    private static ulong DeviceOfPipes()
    {
        KernelException.Check(Libc.pipe2(Libc.O_CLOEXEC, out int read, out int write), "pipe2", "a pipe");
        using SafeFd one = new(read), other = new(write);
        return Libc.fstat(read, out Libc.FileState state) < 0 ? ulong.MaxValue : state.Device;
    }

    private static string Descriptor(int fd) => $"fd/{TargetName.Number(fd)}";
}
