using Forkpty.Sessions;
using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

[Collection(nameof(Alone))] // it counts terminals
public sealed class SpawnerTests
{
    [Fact(Timeout = Patience.Test)]
    public async Task What_nobody_has_foreseen_at_a_start_ends_that_program_and_is_told_to_its_owner_alone()
    {
        await using var hosted = new HostedRouter("cat");
        var owner = new ThrowingOwner(hosted.Router.InteractiveLane);
        using var plan = new SpawnPlan(new PtyCommand("/bin/cat"));

        hosted.Router.Spawner.Start(plan, new WindowSize(24, 80), owner);
        IOException refused = await owner.Refused.Task;

        Assert.Contains(nameof(InvalidOperationException), refused.Message, StringComparison.Ordinal);
        Assert.Equal("unforeseen", refused.InnerException!.Message);
        await Patience.UntilAsync(() => ProcessFacts.State(owner.Pid) == 'X', "the end of the program, which nobody waits for");
        Assert.Equal(0, ProcessFacts.Of(Environment.ProcessId).Masters);
        await using var session = await hosted.Connect(); // and others have theirs
        session.Write("go\n"u8);
        await HostedRouter.ReadUntil(session, "go\r\ngo\r\n");
    }

    private sealed class ThrowingOwner(Lane lane) : ITerminalOwner
    {
        public TaskCompletionSource<IOException> Refused { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Pid { get; private set; }

        public Lane Lane => lane;

        public bool IsStartWanted => true;

        public void OnBorn(Leader leader)
        {
            Pid = leader.Pid;
            throw new InvalidOperationException("unforeseen");
        }

        public void OnStarted(Pty terminal, Leader leader) => Refused.SetException(new InvalidOperationException("It was started."));

        public void OnStartFailed(IOException refused) => Refused.SetResult(refused);

        public void OnStartCancelled() => Refused.SetException(new InvalidOperationException("It was cancelled."));
    }
}
