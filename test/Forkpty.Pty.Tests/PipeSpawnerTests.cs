using Forkpty.Interop;
using Xunit;

namespace Forkpty.Tests;

/// <summary>A program without a terminal.</summary>
[Collection(nameof(Alone))]
public sealed class PipeSpawnerTests : PipedTests
{
    [Fact(Timeout = 150_000)]
    public Task Output_and_errors_come_apart_and_the_exit_code_is_told() => Task.Run(() =>
    {
        PipedProgram program = Sh("echo out; echo err >&2; exit 7");
        Assert.Equal("out\n", program.Output.ReadToEnd());
        Assert.Equal("err\n", program.Errors.ReadToEnd());
        Assert.Equal(ExitStatus.Exited(7), program.Leader.WaitForEnd());
    });

    [Fact(Timeout = 150_000)]
    public Task Closing_our_end_is_the_end_of_the_input() => Task.Run(() =>
    {
        PipedProgram program = Start(new PtyCommand("/bin/cat"));
        program.Input.Write("a line\n");
        Assert.Equal("a line\n", program.Output.ReadUntil("\n"));
        program.Input.Dispose();
        Assert.Equal("", program.Output.ReadToEnd());
        Assert.Equal(ExitStatus.Exited(0), program.Leader.WaitForEnd());
    });

    [Fact(Timeout = 150_000)]
    public Task The_program_leads_a_session_without_a_terminal() => Task.Run(() =>
    {
        PipedProgram program = Sh("ps -o sid=,pgid=,tty= -p $$; : </dev/tty");
        string[] fields = program.Output.ReadToEnd().Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([$"{program.Leader.Pid}", $"{program.Leader.Pid}", "?"], fields);
        Assert.Contains("/dev/tty", program.Errors.ReadToEnd(), StringComparison.Ordinal);
        program.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task The_three_descriptors_are_pipes_that_wait_and_no_other_is_inherited() => Task.Run(() =>
    {
        using var inheritable = new SafeFd(Libc.open("/dev/null", Libc.O_RDWR));
        PipedProgram program = Start(new PtyCommand("/bin/cat"));
        program.Input.Write("loaded\n"); // until it answers, the dynamic loader may hold the library that it maps
        program.Output.ReadUntil("loaded\n");
        FileSystemInfo[] descriptors = new DirectoryInfo($"/proc/{program.Leader.Pid}/fd").GetFileSystemInfos();
        Assert.Equal(["0", "1", "2"], descriptors.Select(fd => fd.Name).Order());
        Assert.Equal(3, descriptors.Select(fd => fd.LinkTarget).Distinct().Count());
        Assert.All(descriptors, fd => Assert.StartsWith("pipe:", fd.LinkTarget, StringComparison.Ordinal));
        for (int fd = 0; fd < 3; fd++)
            Assert.Equal(0, FlagsOf(program.Leader.Pid, fd) & Libc.O_NONBLOCK);
        program.Input.Dispose();
        program.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task Our_ends_do_not_wait_and_are_not_inherited() => Task.Run(() =>
    {
        PipedProgram program = Start(new PtyCommand("/bin/cat"));
        foreach (SafeFd end in new[] { program.Input, program.Output, program.Errors, program.Leader.Pidfd })
        {
            Assert.Equal(Libc.FD_CLOEXEC, Libc.fcntl(end.Value, Libc.F_GETFD));
            Assert.True(end == program.Leader.Pidfd || (Libc.fcntl(end.Value, Libc.F_GETFL) & Libc.O_NONBLOCK) != 0);
        }

        Assert.Equal(-(int)Errno.EAGAIN, Libc.read(program.Output.Value, new byte[1]));
        program.Input.Dispose();
        program.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task No_signal_is_ignored_or_blocked() => Task.Run(() =>
    {
        PipedProgram program = Start(new PtyCommand("/bin/cat") { Arguments = ["/proc/self/status"] });
        string status = program.Output.ReadToEnd();
        foreach (string set in new[] { "SigBlk", "SigIgn", "SigCgt" })
            Assert.Contains($"{set}:\t0000000000000000\n", status, StringComparison.Ordinal);
        program.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task Writing_to_a_program_that_has_closed_its_input_is_EPIPE_and_no_signal() => Task.Run(() =>
    {
        PipedProgram program = Sh("exec <&-; echo closed; sleep 1000");
        program.Output.ReadUntil("closed\n");
        Assert.Equal(-(nint)Errno.EPIPE, Libc.write(program.Input.Value, "x"u8));
        Assert.Equal(0, program.Leader.Signal(Libc.SIGKILL));
        Assert.Equal(ExitStatus.Killed(Libc.SIGKILL), program.Leader.WaitForEnd());
    });

    [Fact(Timeout = 150_000)]
    public Task Directory_arguments_and_environment_are_those_of_the_plan() => Task.Run(() =>
    {
        PipedProgram program = Start(new PtyCommand("sh")
        {
            Arguments = ["-c", "pwd; echo $1; env", "sh", "a b"],
            Environment = new Dictionary<string, string> { ["GREETING"] = "grüß" },
            WorkingDirectory = "/usr/share",
        });
        string[] lines = program.Output.ReadToEnd().Split('\n');
        Assert.Equal(["/usr/share", "a b"], lines[..2]);
        Assert.Contains("GREETING=grüß", lines);
        program.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task A_mebibyte_goes_through_whole() => Task.Run(() =>
    {
        PipedProgram program = Sh("head -c 1048576 /dev/zero | tr '\\0' x");
        string output = program.Output.ReadToEnd();
        Assert.Equal(1_048_576, output.Length);
        Assert.True(output.AsSpan().IndexOfAnyExcept('x') < 0);
        program.Leader.WaitForEnd();
    });

    /// <summary>Descriptors 0 to 2 may be closed here: then the pipes' own ends get these numbers, and must not overwrite one another.</summary>
    [Fact(Timeout = 150_000)]
    public Task A_closed_standard_input_of_ours_mixes_nothing_up() => Task.Run(() =>
    {
        using var saved = new SafeFd(Libc.fcntl(0, Libc.F_DUPFD_CLOEXEC, 10));
        Assert.Equal(0, Libc.close(0));
        try
        {
            PipedProgram program = Sh("read line; echo got $line; echo err >&2");
            program.Input.Write("it\n");
            Assert.Equal("got it\n", program.Output.ReadToEnd());
            Assert.Equal("err\n", program.Errors.ReadToEnd());
            Assert.Equal(ExitStatus.Exited(0), program.Leader.WaitForEnd());
        }
        finally
        {
            Libc.dup2(saved.Value, 0);
        }
    });

    [Theory(Timeout = 150_000)]
    [InlineData("/no/such/program", null, "exec on /no/such/program: ENOENT (No such file or directory)")]
    [InlineData("/etc/passwd", null, "exec on /etc/passwd: EACCES (Permission denied)")]
    [InlineData("/bin/true", "/no/such/directory", "chdir on /no/such/directory: ENOENT (No such file or directory)")]
    public Task A_program_that_cannot_be_started_is_told_and_leaves_nothing_behind(string file, string? directory, string message) => Task.Run(() =>
    {
        Warm();
        ProcessState before = ProcessState.Now;
        KernelException failure = Assert.Throws<KernelException>(() => Piped.Start(new PtyCommand(file) { WorkingDirectory = directory }));
        Assert.Equal(message, failure.Message);
        Assert.Equal(before, ProcessState.Now);
    });

    [Fact(Timeout = 150_000)]
    public Task No_descriptor_left_is_told_and_leaves_nothing_behind() => Task.Run(() =>
    {
        Warm();
        ProcessState before = ProcessState.Now;
        Libc.getrlimit(0, Libc.RLIMIT_NOFILE, out Libc.rlimit limit);
        var held = new List<SafeFd>();
        try
        {
            Libc.setrlimit(0, Libc.RLIMIT_NOFILE, new Libc.rlimit { rlim_cur = (ulong)ProcessState.AllDescriptors + 50, rlim_max = limit.rlim_max });
            while (Libc.open("/dev/null", Libc.O_RDONLY | Libc.O_CLOEXEC) is >= 0 and int fd)
                held.Add(new SafeFd(fd));
            for (int spare = 0; spare <= 6; spare++) // six ends, then the pidfd
            {
                KernelException failure = Assert.Throws<KernelException>(() => Piped.Start(new PtyCommand("/bin/sleep") { Arguments = ["1000"] }));
                Assert.Equal(Errno.EMFILE, failure.Error);
                held[^1].Dispose();
                held.RemoveAt(held.Count - 1);
            }
        }
        finally
        {
            held.ForEach(fd => fd.Dispose());
            Libc.setrlimit(0, Libc.RLIMIT_NOFILE, limit);
        }

        Assert.Equal(before, ProcessState.Now);
    });

    [Fact(Timeout = 150_000)]
    public Task A_hundred_programs_leave_nothing_behind() => Task.Run(() =>
    {
        Warm();
        ProcessState before = ProcessState.Now;
        for (int i = 0; i < 100; i++)
        {
            using PipedProgram program = Piped.Start(new PtyCommand("/bin/cat"));
            program.Input.Dispose();
            program.Leader.WaitForEnd();
        }

        Assert.Equal(before, ProcessState.Now);
    });

    private static void Warm()
    {
        using PipedProgram program = Piped.Start(new PtyCommand("/bin/true"));
        program.Leader.WaitForEnd();
    }

    private static int FlagsOf(int pid, int fd) =>
        Convert.ToInt32(File.ReadLines($"/proc/{pid}/fdinfo/{fd}").First(line => line.StartsWith("flags:", StringComparison.Ordinal))[6..].Trim(), 8);
}
