using Forkpty.Named;
using Forkpty.Protocol;
using Forkpty.Reactor;
using Forkpty.Sessions;

namespace Forkpty;

/// <summary>
/// Starts programs, on a thread of its own that lives as long as the router: a start takes 0.2 to 0.6 ms, too long for the loops that carry keystrokes.
/// </summary>
internal sealed class Spawner(string name) : IDisposable
{
    public EventLoop Loop { get; } = new(name);

    /// <summary>Starts the thread, unless it runs.</summary>
    public void Run()
    {
        if (!Loop.IsRunning)
            Loop.Start();
    }

    /// <summary>Starts a program, and tells its owner on the loop it lives on.</summary>
    public void Start(SpawnPlan plan, WindowSize size, ITerminalOwner owner) => Loop.Post(_ => Spawn(owner, () =>
    {
        (Pty terminal, Leader leader) = PtySpawner.Start(plan, size);
        return new Born(leader, terminal, () => owner.OnStarted(terminal, leader));
    }));

    /// <summary>Starts a program inside of a target.</summary>
    public void Start(IEntrance entrance, OpenRequest request, WindowSize size, NamedSession owner) => Loop.Post(_ => Spawn(owner, () =>
    {
        (Pty terminal, Leader leader, string? notice, string place) = entrance.Enter(request, size);
        return new Born(leader, terminal, () => owner.OnEntered(terminal, leader, notice, $"{place} as {request.User ?? "its own user"}"));
    }));

    /// <summary>Starts a program on pipes in place of a terminal.</summary>
    public void Start(SpawnPlan plan, PipedSession owner) => Loop.Post(_ => Spawn(owner, () =>
    {
        PipedProgram program = PipeSpawner.Start(plan);
        return new Born(program.Leader, program, () => owner.OnStarted(program));
    }));

    /// <summary>Frees a plan after every start that was asked for before.</summary>
    public void Retire(SpawnPlan plan) => Loop.Post(static old => ((SpawnPlan)old!).Dispose(), plan);

    public void Dispose() => Loop.Dispose();

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
