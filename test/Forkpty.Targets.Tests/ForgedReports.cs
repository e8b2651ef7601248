using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Forkpty.Interop;
using Forkpty.Testing;
using Xunit;

namespace Forkpty.Targets;

/// <summary>What a process of the target may write that has taken the pipe on which the helper reports.</summary>
[Collection(nameof(Alone))]
public sealed class ForgedReports : IDisposable
{
    private readonly PipedProgram _silent = Start("exec sleep 1000"); // in place of the helper, which waits to be asked
    private readonly EntryHelper _helper;
    private readonly SafeFd _pipe;

    public ForgedReports()
    {
        KernelException.Check(Libc.pipe2(Libc.O_CLOEXEC, out int read, out int write), "pipe2", "the helper");
        _pipe = new SafeFd(write);
        _helper = new EntryHelper(_silent.Leader.Pid, new SafeFd(KernelException.Check(Libc.eventfd(), "eventfd", "the helper")), new SafeFd(read));
    }

    [Fact(Timeout = Patience.Test)]
    public Task A_process_that_is_no_child_of_ours_is_not_taken_for_the_program_nor_signalled() => Task.Run(() =>
    {
        int bystander = StartBystander();
        try
        {
            Forge(EntryStep.Started, bystander);
            Forge(EntryStep.Execute, 2);
            _pipe.Dispose();

            Assert.Equal(EntryHelper.Meddled, Assert.Throws<EntryException>(() => _helper.ReadReport(new EntryRequest())).Message);

            Assert.True(ProcessFacts.IsAlive(bystander));
        }
        finally
        {
            _ = Libc.kill(bystander, Libc.SIGKILL);
        }
    });

    [Theory(Timeout = Patience.Test)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(null)]
    public Task A_number_that_no_program_can_have_is_a_refusal(int? number) => Task.Run(() =>
    {
        Forge(EntryStep.Started, number ?? Environment.ProcessId);
        _pipe.Dispose();

        Assert.Equal(EntryHelper.Meddled, Assert.Throws<EntryException>(() => _helper.ReadReport(new EntryRequest())).Message);
    });

    [Fact(Timeout = Patience.Test)]
    public Task The_program_of_another_session_is_not_taken_for_this_one_nor_signalled() => Task.Run(() =>
    {
        using PipedProgram other = Start("exec sleep 1000");
        Forge(EntryStep.Started, other.Leader.Pid);
        Forge(EntryStep.Execute, 2);
        _pipe.Dispose();
        var request = new EntryRequest { Namespaces = Libc.CLONE_NEWPID, Inodes = [1, 2, 3, 4, 5, 6, 7, 8] };

        Assert.Equal(EntryHelper.Meddled, Assert.Throws<EntryException>(() => _helper.ReadReport(request)).Message);

        Assert.Null(other.Leader.TryReap());
        _ = other.Leader.Signal(Libc.SIGKILL);
    });

    [Fact(Timeout = Patience.Test)]
    public Task Who_goes_on_for_the_helper_says_so_first_and_once() => Task.Run(() =>
    {
        using PipedProgram other = Start("exec sleep 1000"), program = Start("read x; exit 3");
        Forge(EntryStep.Succeeded, _silent.Leader.Pid);
        Forge(EntryStep.Started, program.Leader.Pid);
        Forge(EntryStep.Succeeded, other.Leader.Pid);
        _pipe.Dispose();

        EntryHelper.Report report = _helper.ReadReport(new EntryRequest { ControlGroup = "/sys/fs/cgroup/box" });
        _helper.Dispose();

        Assert.Null(report.Program); // what was said after the start is no more than a failure
        Assert.Null(other.Leader.TryReap());
        _ = other.Leader.Signal(Libc.SIGKILL);
    });

    [Fact(Timeout = Patience.Test)]
    public Task The_program_is_a_child_of_ours_and_the_first_that_is_named() => Task.Run(() =>
    {
        using PipedProgram program = Start("read x; exit 3");
        Forge(EntryStep.Started, program.Leader.Pid);
        Forge(EntryStep.Started, 1);
        _pipe.Dispose();

        using Leader found = _helper.ReadReport(new EntryRequest()).Program!;

        Assert.Equal(program.Leader.Pid, found.Pid);
    });

    [Fact(Timeout = Patience.Test)]
    public Task A_program_that_no_descriptor_is_left_for_is_ended() => Task.Run(() =>
    {
        using PipedProgram program = Start("exec sleep 1000");
        Forge(EntryStep.Started, program.Leader.Pid);
        _pipe.Dispose();
        _ = Libc.getrlimit(0, Libc.RLIMIT_NOFILE, out Libc.rlimit limit);
        KernelException failure;
        try
        {
            _ = Libc.setrlimit(0, Libc.RLIMIT_NOFILE, new Libc.rlimit { rlim_cur = 3, rlim_max = limit.rlim_max });
            failure = Assert.Throws<KernelException>(() => _helper.ReadReport(new EntryRequest()));
        }
        finally
        {
            _ = Libc.setrlimit(0, Libc.RLIMIT_NOFILE, limit);
        }

        Assert.Equal(Errno.EMFILE, failure.Error);
        Assert.NotEqual(0, Libc.poll(program.Leader.Pidfd.Value, Libc.POLLIN, (int)Patience.Expectation.TotalMilliseconds));
    });

    [Theory]
    [InlineData(EntryStep.WriteFile, 1)]
    [InlineData(EntryStep.WriteFile, -1)]
    [InlineData(EntryStep.WriteFile, int.MaxValue)]
    [InlineData(EntryStep.Namespace, 8)]
    [InlineData(EntryStep.Namespace, int.MinValue)]
    [InlineData(EntryStep.Limit, -1)]
    internal void A_failure_of_what_there_is_not_is_a_refusal(EntryStep step, int which)
    {
        using var process = Process.Start("/bin/sleep", "1000")!;
        try
        {
            using TargetProcess target = TargetProcess.Open(Host.Local.Find($"pid:{process.Id}"));
            var request = new EntryRequest();
            request.Writes.AddRange(["/a/file", "a text"]);

            EntryException refused = EntryFailure.From(new EntryHelper.Report(step, 1, which), request, new EntryOptions(), target);

            Assert.Equal(EntryHelper.Meddled, refused.Message);
        }
        finally
        {
            process.Kill();
        }
    }

    public void Dispose()
    {
        _pipe.Dispose();
        _helper.Dispose();
        _silent.Dispose();
    }

    /// <summary>A process of nobody's: its parent has ended.</summary>
    private static int StartBystander()
    {
        using PipedProgram shell = Start("sleep 1000 </dev/null >/dev/null 2>&1 & echo $!");
        Assert.True(SpinWait.SpinUntil(() => shell.Leader.TryReap() is not null, Patience.Expectation));
        byte[] line = new byte[16];
        int count = (int)Libc.read(shell.Output.Value, line);
        int bystander = int.Parse(Encoding.ASCII.GetString(line, 0, count), CultureInfo.InvariantCulture);
        return bystander;
    }

    private static PipedProgram Start(string script)
    {
        using var plan = new SpawnPlan(new PtyCommand("/bin/sh") { Arguments = ["-c", script] });
        return PipeSpawner.Start(plan);
    }

    private void Forge(EntryStep step, int number)
    {
        byte[] report = new byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(report, (int)step);
        BinaryPrimitives.WriteInt32LittleEndian(report.AsSpan(4), number);
        Assert.Equal(report.Length, (int)Libc.write(_pipe.Value, report));
    }
}
