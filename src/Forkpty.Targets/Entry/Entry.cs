using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>
/// Starts a program inside of what runs already, on a terminal of the target's own, confined as the target's first process. Blocks its thread for some milliseconds, 10 s at most
/// where the target is hostile: keep it off a thread that carries keystrokes.
/// </summary>
/// <remarks>Read on in <see cref="TargetProcess"/> (how the target is confined), <see cref="EntryPlan"/> (what the program gets of it) and enter.c (the way in).</remarks>
internal static class Entry
{
    /// <exception cref="EntryException">The target cannot be entered as it should be: why, and what to do.</exception>
    /// <exception cref="KernelException">This machine has no descriptor, process or memory left.</exception>
    public static EnteredProgram Start(Target target, EntryOptions options)
    {
        using EntryHelper helper = EntryHelper.Start(); // its loader works while we read what the target is
        using TargetProcess process = TargetProcess.Open(target);
        EntryHelper.Sight sight = helper.Look(process.Root, process.Place);
        Pty? terminal = null;
        try
        {
            EntryPlan plan = EntryPlan.For(process, options, sight);
            terminal = sight.Master is { } master ? Pty.Open(master, options.Size) : Pty.Open(options.Size);
            using SafeFd slave = terminal.OpenSlave();
            plan.Own(slave);
            using SafeFd? toolbox = options.Toolbox ? Toolbox.Open() : null;
            EntryHelper.Report report = helper.Enter(plan.Request, [process.Pidfd.Value, process.Root.Value, slave.Value, (toolbox ?? slave).Value]);
            if (report.Failed != EntryStep.Started)
                throw EntryFailure.From(report, plan.Request, options, process);
            string? notice = sight.Master is null ? NoTerminal(sight.NoMaster, terminal) : null;
            return new EnteredProgram(terminal, Lead(report.ProcessId), notice);
        }
        catch
        {
            terminal?.Dispose();
            sight.Master?.Dispose();
            throw;
        }
    }

    /// <summary>Nobody but us reaps the program, so its number is still its own.</summary>
    private static Leader Lead(int pid)
    {
        int pidfd = Libc.pidfd_open(pid);
        if (pidfd >= 0)
            return new Leader(pid, new SafeFd(pidfd));
        Leader.Abandon(pid);
        throw new KernelException("pidfd_open", $"process {pid}", pidfd);
    }

    private static string NoTerminal(int error, Pty terminal) =>
        "the target has no devpts of its own that can be trusted (" + KernelException.Describe(error) + "), so this is the host's " + terminal.Name + ": there, tty says that it is none";
}
