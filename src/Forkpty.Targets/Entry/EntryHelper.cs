using System.Buffers.Binary;
using System.Diagnostics;
using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>
/// The process that enters a target (enter.c): a small program of its own, in sealed memory. Whatever the target does to it, we wait no longer than
/// <see cref="Deadline"/>.
/// </summary>
internal sealed class EntryHelper : IDisposable
{
    /// <summary>Milliseconds for everything together.</summary>
    internal const int Deadline = 10_000;

    /// <summary>The report was not the helper's.</summary>
    internal const string Meddled = "a process of the target has meddled with the way in";

    /// <summary>Bytes of a file of the target that are read at most.</summary>
    internal const int MostText = 64 * 1024;

    private const int ReportSize = 3 * sizeof(int);
    private const int FirstFree = 10;

    /// <summary>Helpers and programs that did not even end when they were killed, because the kernel waits for something of the target; reaped at the next chance.</summary>
    private static readonly List<int> Stuck = [];

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly SafeFd _socket;
    private readonly SafeFd _report;
    private int _pid;
    private bool _reaped;

    /// <param name="pid">The helper, a child of ours.</param>
    /// <param name="socket">The way to it and back.</param>
    /// <param name="report">Where it reports.</param>
    internal EntryHelper(int pid, SafeFd socket, SafeFd report) => (_pid, _socket, _report) = (pid, socket, report);

    /// <summary>What was seen of the target from outside.</summary>
    internal sealed class Sight
    {
        /// <summary>Its /etc/passwd, the first 64 KB.</summary>
        public byte[]? Passwd { get; init; }

        /// <summary>Its /etc/group.</summary>
        public byte[]? Group { get; init; }

        /// <summary>The environment of its first process, as that was started or has made it since.</summary>
        public byte[]? Environment { get; init; }

        /// <summary>A ptmx of the target's own devpts; null where there is none that can be trusted.</summary>
        public SafeFd? Master { get; init; }

        /// <summary>Why there is none: minus errno.</summary>
        public int NoMaster { get; init; }
    }

    /// <summary>How the helper ended: a failure, or <see cref="EntryStep.Started"/> and the program.</summary>
    internal sealed class Report(EntryStep failed, int errno, int which)
    {
        public EntryStep Failed { get; } = failed;

        public int Errno { get; } = errno;

        /// <summary>Which one of several: a file to write, a limit, a filter.</summary>
        public int Which { get; } = which;

        /// <summary>The program, where it runs; the caller's.</summary>
        public Leader? Program { get; init; }
    }

    /// <exception cref="KernelException">No process, descriptor or memory is left.</exception>
    public static EntryHelper Start()
    {
        ReapStuck();
        SafeFd program = SealedProgram.Helper;
        KernelException.Check(Libc.socketpair(out int ours, out int theirs), "socketpair", "the helper");
        using SafeFd low = new(theirs);
        SafeFd socket = new(ours);
        SafeFd? report = null;
        try
        {
            KernelException.Check(Libc.pipe2(Libc.O_CLOEXEC, out int read, out int write), "pipe2", "the helper");
            report = new SafeFd(read);
            using SafeFd lowReport = new(write);
            using SafeFd channel = High(low), reports = High(lowReport), executed = High(program); // 3 and 4 are taken on the way
            int pid = KernelException.Check(Spawn.WithChannels(executed.Value, "fpty-enter", channel.Value, reports.Value), "exec", "the helper");
            return new EntryHelper(pid, socket, report);
        }
        catch
        {
            socket.Dispose();
            report?.Dispose();
            throw;
        }
    }

    /// <summary>Has it read the target's accounts and environment, and open a terminal. <see cref="ReadSight"/> tells what it saw.</summary>
    /// <param name="root">The target's root directory.</param>
    /// <param name="process">Its directory in /proc.</param>
    public void Look(SafeFd root, SafeFd process)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, sizeof(int));
        Send(length, [root.Value, process.Value]);
    }

    /// <param name="isGivenUp">Asked each tenth of a second of the wait.</param>
    public Sight ReadSight(Func<bool>? isGivenUp)
    {
        byte[]? passwd = ReceiveFile(isGivenUp);
        byte[]? group = ReceiveFile(isGivenUp);
        byte[]? environment = ReceiveFile(isGivenUp);
        int result = Receive(out SafeFd? master, isGivenUp);
        return new Sight { Passwd = passwd, Group = group, Environment = environment, Master = master, NoMaster = result };
    }

    /// <summary>Has it enter the target and start the program; what becomes of that, <see cref="ReadReport"/> tells.</summary>
    public void Enter(EntryRequest request, ReadOnlySpan<int> descriptors)
    {
        byte[] bytes = request.ToBytes();
        Send(bytes.AsSpan(0, sizeof(int)), descriptors);
        for (int at = sizeof(int); at < bytes.Length;)
        {
            nint count = Libc.send(_socket.Value, bytes.AsSpan(at));
            if (count < 0) throw Silent();
            at += (int)count;
        }
    }

    /// <summary>Waits until the program runs, or has failed to.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="isGivenUp">Asked each tenth of a second of the wait.</param>
    public Report ReadReport(EntryRequest request, Func<bool>? isGivenUp = null)
    {
        bool hasSuccessor = request.ControlGroup.Length > 0;
        Span<byte> bytes = stackalloc byte[ReportSize];
        Leader? program = null;
        Report? failure = null;
        try
        {
            while (true)
            {
                Await(_report, isGivenUp);
                nint count = Libc.read(_report.Value, bytes);
                if (count != ReportSize) break;
                var step = (EntryStep)BinaryPrimitives.ReadInt32LittleEndian(bytes);
                int errno = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
                if (step == EntryStep.Succeeded && hasSuccessor)
                {
                    hasSuccessor = false; // the first report: nobody but the helper could make one yet
                    Follow(errno);
                }
                else if (step == EntryStep.Started)
                    program ??= Adopt(errno, request);
                else
                    failure = new Report(step, errno, BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]));
            }
        }
        catch (EntryException)
        {
            End(program);
            throw;
        }

        bool isForbidden = failure is null && program is not null && IsForbidden(program, request);
        if (failure is null && program is not null && !isForbidden)
            return new Report(EntryStep.Started, 0, 0) { Program = program };
        End(program);
        if (isForbidden)
            throw new EntryException($"SIGSYS has ended the program: a seccomp filter of process {request.ProcessId} forbids what it takes to start one, or what this one does first; --privileged goes in without", "confinement");
        return failure ?? throw Silent();
    }

    public void Dispose()
    {
        _socket.Dispose(); // where it still waits for a request, that is its end
        Reap();
        _report.Dispose();
    }

    private static void End(Leader? program)
    {
        if (program is null) return;
        End(program.Pid);
        program.Dispose();
    }

    /// <summary>Ends a child of ours, and waits for that a moment.</summary>
    private static void End(int pid)
    {
        _ = Libc.kill(pid, Libc.SIGKILL);
        if (TryReap(pid, milliseconds: 200, out _)) return;
        lock (Stuck)
            Stuck.Add(pid);
    }

    /// <summary>Reaps a child of ours, where it ends within so many milliseconds.</summary>
    private static bool TryReap(int pid, int milliseconds, out int status)
    {
        int pidfd = Libc.pidfd_open(pid);
        if (pidfd >= 0)
        {
            _ = Libc.poll(pidfd, Libc.POLLIN, milliseconds);
            _ = Libc.close(pidfd);
        }

        return Libc.waitpid(pid, block: false, out status) != 0;
    }

    /// <summary>
    /// The program to be has the pipe too, and a process of the target with CAP_SYS_PTRACE over it may take that and write what it likes: never the number of a process
    /// that is not ours to signal, nor of one that we have started elsewhere.
    /// </summary>
    private static Leader Adopt(int pid, EntryRequest request)
    {
        bool isElsewhere = (request.Namespaces & Libc.CLONE_NEWPID) != 0 && TargetNamespace.OfProcesses(pid) is { } home && home != request.Inodes[TargetNamespace.Process];
        if (isElsewhere || !Libc.is_child(pid)) throw new EntryException(Meddled);
        try
        {
            return Leader.Adopt(pid);
        }
        catch (KernelException failure) when (failure.Error is not (Errno.ESRCH or Errno.ECHILD))
        {
            End(pid); // no descriptor is left to hold it by
            throw;
        }
    }

    /// <summary>Whether a filter has killed it on the way to its program, or as soon as that ran: the pipe ends as it does when the program starts, but there is no executable any more.</summary>
    private static bool IsForbidden(Leader program, EntryRequest request)
    {
        const int MostOfAnEnd = 100; // milliseconds; it is on its way
        if (request.Filter.Length == 0 && (request.Flags & EntryRequest.Flag.CopySeccomp) == 0) return false;
        if (Libc.readlink($"/proc/{program.Pid}/exe") is not null) return false;
        _ = Libc.poll(program.Pidfd.Value, Libc.POLLIN, MostOfAnEnd);
        return Libc.waitid_pidfd(program.Pidfd.Value, out Libc.ChildState state, leave: true) == 1 && state is { Code: not Libc.CLD_EXITED, Status: Libc.SIGSYS };
    }

    private static SafeFd High(SafeFd low) => new(KernelException.Check(Libc.fcntl(low.Value, Libc.F_DUPFD_CLOEXEC, FirstFree), "fcntl(F_DUPFD_CLOEXEC)", "the helper"));

    private static void ReapStuck()
    {
        lock (Stuck)
        {
            for (int i = Stuck.Count - 1; i >= 0; i--)
            {
                if (Libc.waitpid(Stuck[i], block: false, out _) != 0)
                    Stuck.RemoveAt(i);
            }
        }
    }

    private int Remaining => Math.Max(0, Deadline - (int)Stopwatch.GetElapsedTime(_start).TotalMilliseconds);

    private void Send(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> descriptors)
    {
        if (Libc.send_with_descriptors(_socket.Value, bytes, descriptors) != bytes.Length)
            throw Silent();
    }

    private byte[]? ReceiveFile(Func<bool>? isGivenUp)
    {
        int length = Receive(out SafeFd? descriptor, isGivenUp);
        descriptor?.Dispose();
        if (length < 0) return null;
        if (length > MostText) throw Silent();
        byte[] bytes = new byte[length];
        for (int have = 0; have < length;)
        {
            Await(_socket, isGivenUp);
            nint count = Libc.read(_socket.Value, bytes.AsSpan(have));
            if (count <= 0) throw Silent();
            have += (int)count;
        }

        return bytes;
    }

    private int Receive(out SafeFd? descriptor, Func<bool>? isGivenUp)
    {
        Span<byte> word = stackalloc byte[sizeof(int)];
        Await(_socket, isGivenUp);
        nint count = Libc.receive_with_descriptor(_socket.Value, word, out int received);
        descriptor = received < 0 ? null : new SafeFd(received);
        return count == word.Length ? BinaryPrimitives.ReadInt32LittleEndian(word) : throw Silent();
    }

    private void Await(SafeFd fd, Func<bool>? isGivenUp)
    {
        const int Slice = 100;
        while (true)
        {
            int remaining = Remaining;
            if (Libc.poll(fd.Value, Libc.POLLIN, isGivenUp is null ? remaining : Math.Min(remaining, Slice)) != 0) return;
            if (remaining == 0) throw Late();
            if (isGivenUp?.Invoke() == true) throw new EntryException("nobody waits for it any more", "given-up");
        }
    }

    /// <summary>It has ended without a word: by its alarm, or because it was killed.</summary>
    private EntryException Silent()
    {
        // What it reported before it ended is the better reason.
        Span<byte> bytes = stackalloc byte[ReportSize];
        bool hasSaid = Libc.poll(_report.Value, Libc.POLLIN, 0) > 0 && Libc.read(_report.Value, bytes) == ReportSize;
        if ((Reap() & 0x7f) == Libc.SIGALRM)
            return Late();
        return new EntryException("the helper that enters the target has ended" + (hasSaid ? ": " + KernelException.Describe(BinaryPrimitives.ReadInt32LittleEndian(bytes[4..])) : ""));
    }

    private static EntryException Late() =>
        new("the target did not answer within 10 s: it is paused, or a file system of it hangs, at its root, at /dev/pts, at /etc/passwd, where the program is or under the memory of its first process", "late");

    private void Follow(int pid)
    {
        if (pid == _pid) return;
        Reap();
        (_pid, _reaped) = (pid, false);
    }

    private int Reap()
    {
        if (_reaped) return 0;
        _reaped = true;
        if (TryReap(_pid, milliseconds: 20, out int status)) return status;
        End(_pid);
        return 0;
    }
}
