using Forkpty.Interop;
using Xunit;

namespace Forkpty.Tests;

/// <summary>A terminal and its program in the hands of a process that executes itself.</summary>
[Collection(nameof(Alone))]
public sealed class UpgradeTests : PipedTests
{
    [Fact(Timeout = 150_000)]
    public Task A_program_on_a_terminal_goes_on_through_an_exec_of_the_process_that_has_it() => Task.Run(() =>
    {
        PipedProgram host = Start(new PtyCommand(Path.Combine(AppContext.BaseDirectory, "UpgradeHost")));
        string said = host.Output.ReadToEnd();
        string errors = host.Errors.ReadToEnd();
        Assert.True(host.Leader.WaitForEnd() == ExitStatus.Exited(0), said + errors);
        int pid = host.Leader.Pid;
        Assert.Equal(
            [$"before {pid}: got one", $"after {pid}: got two", "masters 1, pidfds 1", "close-on-exec 1 1", "size 33 111", "running True", "ended exit code 7", ""],
            said.Split('\n'));
    });

    [Fact(Timeout = 150_000)]
    public Task An_adopted_master_is_the_same_terminal() => Task.Run(() =>
    {
        using Pty first = Pty.Open(WindowSize.Default);
        int fd = Libc.fcntl(first.Master.Value, Libc.F_DUPFD_CLOEXEC, 3);
        _ = Libc.fcntl(fd, Libc.F_SETFD, 0);
        _ = Libc.fcntl(fd, Libc.F_SETFL, Libc.O_RDWR);
        using Pty adopted = Pty.Adopt(fd);
        Assert.Equal(first.Name, adopted.Name);
        adopted.Resize(new WindowSize(5, 6));
        Assert.Equal(new WindowSize(5, 6), first.Size);
        Assert.Equal(Libc.FD_CLOEXEC, Libc.fcntl(fd, Libc.F_GETFD));
        Assert.NotEqual(0, Libc.fcntl(fd, Libc.F_GETFL) & Libc.O_NONBLOCK);
    });

    [Fact(Timeout = 150_000)]
    public Task What_is_no_master_is_not_adopted_and_stays_open() => Task.Run(() =>
    {
        using Pty terminal = Pty.Open(WindowSize.Default);
        foreach (string path in new[] { "/dev/null", terminal.Name })
        {
            using var fd = new SafeFd(Libc.open(path, Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC));
            KernelException failure = Assert.Throws<KernelException>(() => Pty.Adopt(fd.Value));
            Assert.Equal($"ioctl(TIOCGPTN) on descriptor {fd.Value}: ENOTTY (Inappropriate ioctl for device)", failure.Message);
            Assert.True(Libc.fcntl(fd.Value, Libc.F_GETFD) >= 0);
        }

        Assert.Equal(Errno.EBADF, Assert.Throws<KernelException>(() => Pty.Adopt(1_000_000)).Error);
    });

    [Fact(Timeout = 150_000)]
    public Task A_leader_is_adopted_while_it_is_our_child_and_not_reaped() => Task.Run(() =>
    {
        PipedProgram program = Start(new PtyCommand("/bin/cat"));
        int pid = program.Leader.Pid;
        int fd = Libc.fcntl(program.Leader.Pidfd.Value, Libc.F_DUPFD_CLOEXEC, 3);
        _ = Libc.fcntl(fd, Libc.F_SETFD, 0);
        using Leader adopted = Leader.Adopt(pid, fd);
        using Leader alone = Leader.Adopt(pid);
        Assert.Equal(Libc.FD_CLOEXEC, Libc.fcntl(fd, Libc.F_GETFD));
        Assert.Null(adopted.TryReap());
        Assert.Null(alone.TryReap());

        program.Input.Dispose();
        Piped.WaitFor(program.Leader.Pidfd, Libc.POLLIN);
        using Leader late = Leader.Adopt(pid); // it has ended, and nobody has asked how
        Assert.Equal(ExitStatus.Exited(0), late.TryReap());
        Assert.Equal(Errno.ESRCH, Assert.Throws<KernelException>(() => Leader.Adopt(pid)).Error);
        Assert.Equal(Errno.ECHILD, Assert.Throws<KernelException>(() => Leader.Adopt(pid, fd)).Error);
    });

    [Fact(Timeout = 150_000)]
    public Task A_descriptor_of_another_process_or_of_none_is_not_adopted_and_stays_open() => Task.Run(() =>
    {
        PipedProgram program = Start(new PtyCommand("/bin/cat")), other = Start(new PtyCommand("/bin/cat"));
        using var parent = new SafeFd(Libc.pidfd_open(Libc.getppid()));
        using var none = new SafeFd(Libc.eventfd());
        Refused(Errno.ECHILD, program.Leader.Pid, other.Leader.Pidfd);
        Refused(Errno.ECHILD, Libc.getppid(), parent);
        Refused(Errno.EBADF, program.Leader.Pid, none);
        Assert.Equal(Errno.EBADF, Assert.Throws<KernelException>(() => Leader.Adopt(program.Leader.Pid, 1_000_000)).Error);
        Assert.Equal(Errno.ECHILD, Assert.Throws<KernelException>(() => Leader.Adopt(Libc.getppid())).Error);
        Assert.Equal(Errno.ESRCH, Assert.Throws<KernelException>(() => Leader.Adopt(0)).Error);
    });

    private static void Refused(Errno error, int pid, SafeFd pidfd)
    {
        Assert.Equal(error, Assert.Throws<KernelException>(() => Leader.Adopt(pid, pidfd.Value)).Error);
        Assert.True(Libc.fcntl(pidfd.Value, Libc.F_GETFD) >= 0);
    }
}
