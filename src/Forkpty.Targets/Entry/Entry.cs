using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>
/// Starts a program inside of what runs already, on a terminal of the target's own or on pipes, confined as the target's first process. Blocks its thread for some milliseconds, 10 s at most
/// where the target is hostile: keep it off a thread that carries keystrokes.
/// </summary>
/// <remarks>Read on in <see cref="TargetProcess"/> (how the target is confined), <see cref="EntryPlan"/> (what the program gets of it) and enter.c (the way in).</remarks>
internal sealed class Entry : IDisposable
{
    private readonly EntryOptions _options;
    private readonly EntryHelper _helper;
    private readonly TargetProcess _process;
    private EntryRequest? _request;
    private string? _notice;
    private Pty? _terminal;
    private StandardPipes? _pipes;

    private Entry(Target target, EntryOptions options)
    {
        _options = options;
        _notice = target.IsNamedByAnother ? $"{Readable.Of(target.FullName)} is of user {target.Owner}, who has named it so; it is none of root's" : null;
        _helper = EntryHelper.Start(); // it starts while we read what the target is
        try
        {
            _process = TargetProcess.Open(target);
        }
        catch
        {
            _helper.Dispose();
            throw;
        }
    }

    /// <summary>Starts it, and waits until it runs.</summary>
    /// <param name="target">What to enter.</param>
    /// <param name="options">What to start there.</param>
    /// <param name="isGivenUp">Asked each tenth of a second while the target makes us wait.</param>
    /// <inheritdoc cref="Begin" path="/exception"/>
    public static EnteredProgram Start(Target target, EntryOptions options, Func<bool> isGivenUp)
    {
        using Entry entry = Begin(target, options, isGivenUp);
        return entry.Finish(isGivenUp);
    }

    /// <summary>Sees to everything here; the program is on its way into the target then, and its caller has some milliseconds for other things.</summary>
    /// <exception cref="EntryException">The target cannot be entered as it should be: why, and what to do.</exception>
    /// <exception cref="KernelException">This machine has no descriptor, process or memory left.</exception>
    public static Entry Begin(Target target, EntryOptions options, Func<bool>? isGivenUp = null)
    {
        Entry entry = new(target, options);
        try
        {
            entry.Send(isGivenUp);
            return entry;
        }
        catch (EntryException) when (entry._process.HasEnded)
        {
            entry.Dispose();
            throw TargetProcess.Ended(entry._process.Name);
        }
        catch
        {
            entry.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the program runs; nothing is left then but the program and its terminal.</summary>
    /// <param name="isGivenUp">Asked each tenth of a second while the target makes us wait.</param>
    /// <exception cref="EntryException">The program could not be started there: why, and what to do.</exception>
    public EnteredProgram Finish(Func<bool>? isGivenUp = null)
    {
        EntryHelper.Report report = _helper.ReadReport(_request!, () => IsPaused() || isGivenUp?.Invoke() == true);
        if (report.Failed != EntryStep.Started)
            throw _process.HasEnded ? TargetProcess.Ended(_process.Name) : EntryFailure.From(report, _request!, _options, _process);
        Leader leader = report.Program!;
        var program = new EnteredProgram(leader, _notice) { Terminal = _terminal, Piped = _pipes?.Take(leader) };
        _terminal = null; // its own now
        Dispose();
        return program;
    }

    public void Dispose()
    {
        _terminal?.Dispose();
        _pipes?.Dispose();
        _process.Dispose();
        _helper.Dispose();
    }

    /// <summary>Asked only where the target makes us wait: who enters its control group stands still with it.</summary>
    private bool IsPaused() => Host.Local.Processes.IsFrozen(_process.Target.ProcessId)
        ? throw new EntryException(_process.Name + " is paused, and whatever enters its control group is too; let it go on first", "paused")
        : false;

    private void Send(Func<bool>? isGivenUp)
    {
        _helper.Look(_process.Root, _process.Place); // it does while we make up what hangs on nothing that it sees
        EntryPlan plan = new(_process, _options);
        EntryHelper.Sight sight = _helper.ReadSight(isGivenUp);
        try
        {
            EntryUser user = EntryUser.Of(_process, new TargetAccounts(sight.Passwd, sight.Group), _options.User);
            plan.RunAs(user, _options, sight.Environment);
            _request = plan.Request;
            using SafeFd? toolbox = _options.Toolbox ? Toolbox.Open() : null;
            if (_options.WithPipes)
            {
                sight.Master?.Dispose();
                _pipes = StandardPipes.Open();
                Enter(plan, user, _pipes.Input, _pipes.Output, _pipes.Errors, toolbox);
                return;
            }

            _terminal = sight.Master is { } master ? Pty.Open(master, _options.Size) : Pty.Open(_options.Size);
            if (sight.Master is null)
                _notice = (_notice is null ? "" : _notice + "; ") + NoTerminal(sight.NoMaster, _terminal);
            using SafeFd slave = _terminal.OpenSlave();
            Enter(plan, user, slave, slave, slave, toolbox);
        }
        catch when (_terminal is null)
        {
            sight.Master?.Dispose();
            throw;
        }
    }

    private void Enter(EntryPlan plan, EntryUser user, SafeFd input, SafeFd output, SafeFd errors, SafeFd? toolbox)
    {
        foreach (SafeFd descriptor in (ReadOnlySpan<SafeFd>)[input, output, errors])
            plan.Own(descriptor, user);
        _helper.Enter(plan.Request, [_process.Pidfd.Value, _process.Root.Value, input.Value, output.Value, errors.Value, (toolbox ?? input).Value]);
    }

    private static string NoTerminal(int error, Pty terminal) =>
        "the target has no devpts of its own that can be trusted (" + KernelException.Describe(error) + "), so this is the host's " + terminal.Name + ": there, tty says that it is none";
}
