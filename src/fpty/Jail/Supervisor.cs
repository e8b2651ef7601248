using System.Globalization;
using System.Text;
using Forkpty.Interop;

namespace Forkpty.Jail;

/// <summary>
/// A process with one job: it has one child, passes signals on to it, reaps whatever else becomes its child, and ends as that child ends.
/// It is needed in three places: a child is the only way into a new pid namespace; a child that is born there is the only way of a
/// managed process into a new user namespace (unshare(2) refuses a process with two threads, and .NET has two when Main begins); and process 1, of
/// a container or of a pid namespace, must reap orphans, while the router must not be process 1, whose runtime may reap on its own.
/// <para>
/// It never starts a thread, installs a handler or allocates in its loop. The signals it passes on are blocked before it starts (the mask survives exec, so
/// all the runtime's threads have it) and taken with sigwaitinfo(2): a blocked signal reaches process 1 too, for which the kernel drops one with
/// the default action.
/// </para>
/// </summary>
internal static class Supervisor
{
    private static readonly int[] PassedOn =
        [Libc.SIGHUP, Libc.SIGINT, Libc.SIGQUIT, Libc.SIGUSR1, Libc.SIGUSR2, Libc.SIGTERM, Libc.SIGWINCH];

    /// <summary>Ends this process and starts the supervisor in it: the pid stays. Returns only by an exception.</summary>
    /// <param name="handover">What goes on to the child.</param>
    /// <param name="processName">argv[0], what ps shows.</param>
    /// <param name="born">The namespaces the child is born in: user, pid, both or none.</param>
    /// <param name="maps">The ids of a user namespace, where it is one.</param>
    public static void Become(Handover handover, string? processName, Namespaces born, UserMap? maps)
    {
        Libc.block_signals(Mask());
        string flags = ((int)born).ToString(CultureInfo.InvariantCulture);
        handover.Exec(Stage.Supervise, maps is null ? [flags] : [flags, maps.Uids, maps.Gids, maps.Setgroups ? "allow" : "deny"], processName);
    }

    /// <summary>The verb: <c>__supervise FD FLAGS [UIDMAP GIDMAP allow|deny]</c>. The child's status, 128 + N after signal N.</summary>
    public static int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 3 || !int.TryParse(arguments[2], CultureInfo.InvariantCulture, out int flags))
            return Fail($"{Stage.Supervise} is for fpty itself");
        try
        {
            return Run(arguments, (Namespaces)flags);
        }
        catch (Exception e) when (e is JailException or KernelException)
        {
            return Fail(e.Message);
        }
    }

    private static int Run(IReadOnlyList<string> arguments, Namespaces born)
    {
        using Handover handover = Stage.Receive(arguments);
        UserMap? maps = arguments.Count > 5 ? new UserMap(arguments[3], arguments[4], arguments[5] == "allow") : null;

        NoticeRelay? notices = NoticeRelay.Insert(handover);
        int child = handover.Clone(born, waits: maps is not null, blocked: Mask(), out (int Read, int Write) gate);
        if (child < 0)
            return Fail(Refusal(born, child));
        _ = Libc.set_name(Stage.DefaultName);
        if (maps?.Apply(child) is { } problem)
        {
            // The child waits at the gate; the gate's end is its end.
            _ = Libc.close(gate.Write);
            _ = Libc.waitpid(child, block: true, out _);
            return Fail(problem);
        }
        if (gate.Write >= 0)
            _ = Libc.write(gate.Write, "g"u8);

        // The child has the sockets now. Held here as well, a connection that comes after the router has closed them would wait for nobody.
        _ = Libc.close_from(notices?.MoveTo(3) ?? 3);
        return Watch(child, notices);
    }

    private static int Watch(int child, NoticeRelay? notices)
    {
        ulong mask = Mask();
        for (int? status = null; ;)
        {
            int pid;
            while ((pid = Libc.waitpid(-1, block: false, out int ended)) > 0)
            {
                if (pid == child)
                    status = ended;
            }
            notices?.PassOn();
            if (status is int last)
                return ExitStatus(last);
            int signal = Libc.sigwaitinfo(mask, out int code);
            if (signal > 0 && signal is not (Libc.SIGCHLD or Libc.SIGIO) && !CameFromTheTerminal(signal, code))
                _ = Libc.kill(child, signal);
        }
    }

    /// <summary>Ctrl-C, Ctrl-\ and a resize go to the whole foreground group, so the child has had them: passing them on would make two of one.</summary>
    private static bool CameFromTheTerminal(int signal, int code) =>
        code == Libc.SI_KERNEL && signal is Libc.SIGINT or Libc.SIGQUIT or Libc.SIGWINCH;

    private static int ExitStatus(int status)
    {
        int signal = status & 0x7f;
        if (signal == 0)
            return (status >> 8) & 0xff;
        Say($"the router was ended by signal {signal}");
        return 128 + signal;
    }

    private static ulong Mask()
    {
        ulong mask = 1UL << (Libc.SIGCHLD - 1) | 1UL << (Libc.SIGIO - 1);
        foreach (int signal in PassedOn)
            mask |= 1UL << (signal - 1);
        return mask;
    }

    private static string Refusal(Namespaces born, int error)
    {
        string what = born == Namespaces.None ? "cannot start a child process" : $"unshare = {NamespaceNames.Describe(born)}";
        return $"{what}: clone: {KernelException.Describe(error)}" + (Errno)(-error) switch
        {
            Errno.EPERM => ": start fpty as root, or add user to unshare",
            Errno.ENOSPC or Errno.EUSERS => ": the kernel allows no further namespaces; see /proc/sys/user",
            Errno.EINVAL or Errno.ENOSYS => ": this kernel, or the container around it, does not allow it",
            _ => "",
        };
    }

    private static int Fail(string sentence)
    {
        Say(sentence);
        return 1;
    }

    private static void Say(string sentence) => Libc.write(2, Encoding.UTF8.GetBytes($"fpty: {sentence}\n"));
}
