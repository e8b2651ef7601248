using Forkpty.Interop;
using Forkpty.Named;
using Forkpty.Protocol;
using Forkpty.Reactor;
using Forkpty.Sessions;

namespace Forkpty;

/// <summary>
/// Starts programs, on threads of its own that live as long as the router: a start takes 0.2 to 0.6 ms, too long for the loops that carry keystrokes, and for ever where a file system does not answer.
/// </summary>
/// <param name="name">Of its threads.</param>
/// <param name="closer">Where the terminals of sessions that have ended are.</param>
internal sealed class Spawner(string name, TerminalCloser closer)
{
    /// <summary>How many programs that do not come to run hold up nobody else's start.</summary>
    private const int Most = 4;

    /// <summary>Milliseconds that a start may take before the next is begun beside it.</summary>
    private const int Patience = 1_000;

    /// <summary>Milliseconds that terminals of sessions that have ended are waited for where no descriptor is left.</summary>
    private const int CloseWait = 100;

    public Crew Crew { get; } = new(name, Most, Patience);

    /// <summary>Starts a program, and tells its owner on the loop it lives on.</summary>
    public void Start(SpawnPlan plan, WindowSize size, ITerminalOwner owner) => Start(owner, plan.Hold(), () =>
    {
        (Pty terminal, Leader leader) = PtySpawner.Start(plan, size);
        return new Born(leader, terminal, () => owner.OnStarted(terminal, leader));
    });

    /// <summary>Starts a program inside of a target.</summary>
    public void Start(IEntrance entrance, OpenRequest request, WindowSize size, NamedSession owner) => Start(owner, plan: null, () =>
    {
        (Pty terminal, Leader leader, string? notice, string place) = entrance.Enter(request, size, () => !owner.IsStartWanted);
        return new Born(leader, terminal, () => owner.OnEntered(terminal, leader, notice, $"{place} as {request.User ?? "its own user"}"));
    });

    /// <summary>Starts a program on pipes in place of a terminal.</summary>
    public void Start(SpawnPlan plan, PipedSession owner) => Start(owner, plan.Hold(), () =>
    {
        PipedProgram program = PipeSpawner.Start(plan);
        return new Born(program.Leader, program, () => owner.OnStarted(program));
    });

    private void Start(IStarter owner, SpawnPlan? plan, Func<Born> start)
    {
        Crew.Do(() => Spawn(start), () => Spawn(static () => throw new IOException(
            $"{Most} programs have been starting for more than a second, as from a file system that does not answer, and no other is started until one of them has")));

        void Spawn(Func<Born> start)
        {
            Spawner.Spawn(owner, () => SpawnAtTheLimit(start));
            plan?.Dispose();
        }
    }

    /// <summary>Where no descriptor or terminal is left, those of sessions that have ended may just not be closed yet.</summary>
    private Born SpawnAtTheLimit(Func<Born> start)
    {
        try
        {
            return start();
        }
        catch (KernelException full) when (full.Error is Errno.EMFILE or Errno.ENFILE or Errno.ENOSPC)
        {
            _ = closer.TryFinish(CloseWait);
            return start();
        }
    }

    private static void Spawn(IStarter owner, Func<Born> start)
    {
        EventLoop home = owner.Lane.Loop;
        if (!owner.IsStartWanted)
        {
            // A client that has left meanwhile: the starts of those that wait come first.
            home.Post(static cancelled => ((IStarter)cancelled!).OnStartCancelled(), owner);
            return;
        }

        Born? born = null;
        try
        {
            born = start();
            owner.OnBorn(born.Leader);
            home.Post(static tell => ((Action)tell!)(), born.Tell);
        }
        catch (Exception failure)
        {
            // Whatever it is, it concerns this session alone.
            born?.Leader.Abandon();
            born?.Streams.Dispose();
            IOException refused = failure as IOException ?? new IOException($"the program cannot be started, for a reason that nobody has foreseen: {failure.GetType().Name}", failure);
            home.Post(_ => owner.OnStartFailed(refused));
        }
    }

    /// <summary>A program that runs, with its terminal or its pipes, of which nobody has been told yet.</summary>
    private sealed record Born(Leader Leader, IDisposable Streams, Action Tell);
}
