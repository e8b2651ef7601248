using System.Globalization;
using Forkpty.Interop;
using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

/// <summary>The end of a whole session.</summary>
[Collection(nameof(Alone))]
public sealed class ProcessTreeTests : PipedTests
{
    /// <summary>For a machine with other things to do, in milliseconds.</summary>
    private const int Patience = 60_000;

    [Fact(Timeout = 150_000)]
    public Task Every_process_of_a_session_ends() => Task.Run(() =>
    {
        PipedProgram program = Sh("sleep 1000 & echo $!; sh -c 'sleep 1000 & echo $!; wait' & wait");
        int[] members = Pids(program, 2);
        Assert.True(ProcessTree.Kill(program.Leader, Patience));
        Assert.All(members, pid => Assert.False(ProcessFacts.IsAlive(pid)));
        Assert.Equal(ExitStatus.Killed(Libc.SIGKILL), program.Leader.WaitForEnd());
    });

    [Fact(Timeout = 150_000)]
    public Task A_session_on_a_terminal_ends_with_its_jobs() => Task.Run(() =>
    {
        using var plan = new SpawnPlan(new PtyCommand("/bin/bash") { Arguments = ["--norc", "-i", "-c", "set -m; trap '' HUP; sleep 1000 & sleep 1000 | sleep 1000 & echo ready; wait"] });
        (Pty terminal, Leader leader) = PtySpawner.Start(plan, WindowSize.Default);
        using (terminal)
        using (leader)
        {
            terminal.Master.ReadUntil("ready\r\n");
            int[] members = [.. ProcessFacts.Descendants(leader.Pid)];
            Assert.Equal(3, members.Length);
            Assert.True(ProcessTree.Kill(leader, Patience));
            Assert.All(members, pid => Assert.False(ProcessFacts.IsAlive(pid)));
            Assert.Equal(ExitStatus.Killed(Libc.SIGKILL), leader.WaitForEnd());
        }
    });

    [Fact(Timeout = 150_000)]
    public Task Members_that_have_lost_their_parent_end_too_also_when_the_leader_was_reaped() => Task.Run(() =>
    {
        PipedProgram program = Sh("(sleep 1000 & echo $!) & wait $!; exit 3");
        int orphan = Pids(program, 1)[0];
        Assert.Equal(ExitStatus.Exited(3), program.Leader.WaitForEnd());
        Assert.True(ProcessFacts.IsAlive(orphan));
        Assert.True(ProcessTree.Kill(program.Leader, Patience));
        Assert.False(ProcessFacts.IsAlive(orphan));
    });

    [Fact(Timeout = 150_000)]
    public Task Descendants_in_sessions_of_their_own_end_with_their_children() => Task.Run(() =>
    {
        PipedProgram program = Sh("setsid sh -c 'setsid sleep 1000 & echo $!; wait' & echo $!; wait");
        int[] members = Pids(program, 2);
        Assert.All(members, pid => Assert.NotEqual(program.Leader.Pid, Libc.getsid(pid)));
        Assert.True(ProcessTree.Kill(program.Leader, Patience));
        Assert.All(members, pid => Assert.False(ProcessFacts.IsAlive(pid)));
        program.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task Stopped_processes_and_those_that_ignore_signals_end() => Task.Run(() =>
    {
        PipedProgram program = Sh("trap '' TERM HUP INT; sh -c 'echo $$; kill -STOP $$' & wait");
        int stopped = Pids(program, 1)[0];
        Assert.True(SpinWait.SpinUntil(() => ProcessFacts.State(stopped) == 'T', 60_000));
        Assert.True(ProcessTree.Kill(program.Leader, Patience));
        Assert.False(ProcessFacts.IsAlive(stopped));
        program.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task A_process_whose_first_thread_has_ended_ends_too() => Task.Run(() =>
    {
        const string Script = "import ctypes, os, threading, time; threading.Thread(target=lambda: (time.sleep(0.01), print(os.getpid(), flush=True), time.sleep(1000))).start(); ctypes.CDLL(None).pthread_exit(None)";
        PipedProgram program = Start(new PtyCommand("/bin/sh") { Arguments = ["-c", "python3 -c \"$1\" & wait", "sh", Script] });
        int pid = Pids(program, 1)[0];
        Assert.True(SpinWait.SpinUntil(() => ProcessFacts.State(pid) == 'Z', 60_000));
        Assert.True(ProcessTree.Kill(program.Leader, Patience));
        Assert.False(Directory.Exists($"/proc/{pid}/task/{pid}") && Directory.GetDirectories($"/proc/{pid}/task").Length > 1);
        program.Leader.WaitForEnd();
    });

    /// <summary>Each process of the line lives for less than a millisecond: whoever has read of it finds its child in its place.</summary>
    [Fact(Timeout = 150_000)]
    public Task A_line_of_processes_that_fork_and_end_is_caught() => Task.Run(() =>
    {
        PipedProgram program = Start(new PtyCommand("python3")
        {
            Arguments = ["-c", "import os\nif os.fork() == 0:\n  print('off', flush=True)\n  while os.fork() == 0: pass\n  os._exit(0)\nos.read(0, 1)"],
        });
        program.Output.ReadUntil("off\n");
        Assert.True(ProcessTree.Kill(program.Leader, Patience));
        Assert.Equal("", program.Errors.ReadToEnd()); // nobody has the pipe any more
        program.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task A_growing_crowd_is_caught() => Task.Run(() =>
    {
        PipedProgram program = Sh("ulimit -u 4000; grow() { sleep 1000 & sleep 1000 & echo .; }; grow; echo ready; i=0; while [ $i -lt 300 ]; do grow; i=$((i+1)); done >/dev/null & while :; do sleep 1000 & wait; done");
        program.Output.ReadUntil("ready\n");
        Assert.True(ProcessTree.Kill(program.Leader, Patience));
        Assert.Equal("", program.Output.ReadToEnd());
        program.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task A_tree_of_more_processes_than_descriptors_are_held_ends() => Task.Run(() =>
    {
        PipedProgram program = Sh("for i in 1 2 3 4 5 6 7; do sleep 1000 & done; echo ready; wait");
        program.Output.ReadUntil("ready\n");
        Assert.True(ProcessTree.Kill(program.Leader, Patience, maxHeld: 3));
        Assert.Equal("", program.Output.ReadToEnd()); // nobody has the pipe any more
        program.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task Few_descriptors_are_enough_and_with_none_at_least_the_leader_ends() => Task.Run(() =>
    {
        PipedProgram big = Sh("sleep 1000 & sleep 1000 & sleep 1000 & echo ready; wait"), small = Sh("echo ready; read line");
        big.Output.ReadUntil("ready\n");
        small.Output.ReadUntil("ready\n");
        bool withFew, withNone;
        Libc.getrlimit(0, Libc.RLIMIT_NOFILE, out Libc.rlimit limit);
        var taken = new List<SafeFd>();
        try
        {
            Libc.setrlimit(0, Libc.RLIMIT_NOFILE, new Libc.rlimit { rlim_cur = (ulong)ProcessState.AllDescriptors + 50, rlim_max = limit.rlim_max });
            while (Libc.open("/dev/null", Libc.O_RDONLY | Libc.O_CLOEXEC) is >= 0 and int fd)
                taken.Add(new SafeFd(fd));
            withNone = ProcessTree.Kill(small.Leader, Patience);
            for (int i = 1; i <= 4; i++) // /proc, a process's facts, and two to hold by: there are four processes
                taken[^i].Dispose();
            withFew = ProcessTree.Kill(big.Leader, Patience);
        }
        finally
        {
            taken.ForEach(fd => fd.Dispose());
            Libc.setrlimit(0, Libc.RLIMIT_NOFILE, limit);
        }

        Assert.False(withNone);
        Assert.Equal(ExitStatus.Killed(Libc.SIGKILL), small.Leader.WaitForEnd());
        Assert.True(withFew);
        Assert.Equal("", big.Output.ReadToEnd()); // nobody has the pipe any more
        big.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task Nobody_outside_the_session_is_touched() => Task.Run(() =>
    {
        PipedProgram other = Sh("sleep 1000 & echo $!; wait");
        int bystander = Pids(other, 1)[0];
        PipedProgram program = Sh("sleep 1000 & echo $!; wait");
        Pids(program, 1);
        Assert.True(ProcessTree.Kill(program.Leader, Patience));
        Assert.Contains(ProcessFacts.State(bystander), "RSD");
        Assert.Contains(ProcessFacts.State(other.Leader.Pid), "RSD");
        Assert.True(ProcessTree.Kill(other.Leader, Patience));
        program.Leader.WaitForEnd();
        other.Leader.WaitForEnd();
    });

    /// <summary>A leader's number that another session has by now: nobody of that one started before the leader was reaped, and nobody is a descendant.</summary>
    [Fact(Timeout = 150_000)]
    public Task A_session_that_has_taken_the_number_of_one_long_reaped_is_not_touched() => Task.Run(() =>
    {
        ulong reaped = Libc.boot_ticks();
        Assert.True(SpinWait.SpinUntil(() => Libc.boot_ticks() > reaped, 60_000));
        PipedProgram successor = Sh("setsid sleep 1000 & echo $!; sleep 1000 & echo $!; wait");
        int[] children = Pids(successor, 2);
        using var pidfd = new SafeFd(Libc.eventfd());
        using var old = new Leader(successor.Leader.Pid, pidfd) { ReapedAt = reaped };
        Assert.True(ProcessTree.Kill(old, Patience));
        Assert.All([successor.Leader.Pid, .. children], pid => Assert.Contains(ProcessFacts.State(pid), "RSD")); // not stopped, not ended
        Assert.True(ProcessTree.Kill(successor.Leader, Patience));
        Assert.All(children, pid => Assert.False(ProcessFacts.IsAlive(pid)));
        successor.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task Our_own_session_is_refused() => Task.Run(() =>
    {
        using var pidfd = new SafeFd(Libc.pidfd_open(Libc.getsid(0)));
        Assert.False(ProcessTree.Kill(new Leader(Libc.getsid(0), pidfd)));
        using var first = new SafeFd(Libc.pidfd_open(1));
        Assert.False(ProcessTree.Kill(new Leader(1, first)));
    });

    private static int[] Pids(PipedProgram program, int count)
    {
        string said = "";
        while (said.Count(c => c == '\n') < count)
            said += program.Output.ReadUntil("\n");
        return [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
    }
}
