using Forkpty.Interop;
using Xunit;

namespace Forkpty.Tests;

/// <summary>A program that cannot be started: the error says what and why, and nothing is left behind.</summary>
[Collection(nameof(Alone))]
public sealed class StartFailureTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("fpty-test-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact(Timeout = 150_000)]
    public Task A_missing_program() => Fails(new("/no/such/program"), "exec on /no/such/program: ENOENT (No such file or directory)");

    [Fact(Timeout = 150_000)]
    public Task A_name_that_is_not_in_PATH() => Fails(new("no-such-program"), "exec on no-such-program: ENOENT (No such file or directory)");

    [Fact(Timeout = 150_000)]
    public Task A_file_that_is_not_executable() => Fails(new("/etc/passwd"), "exec on /etc/passwd: EACCES (Permission denied)");

    [Fact(Timeout = 150_000)]
    public Task A_directory_as_program() => Fails(new("/etc"), "exec on /etc: EACCES (Permission denied)");

    [Fact(Timeout = 150_000)]
    public Task An_executable_file_that_is_no_program()
    {
        string path = Path.Combine(_directory.FullName, "rubbish");
        using (var fd = new SafeFd(Libc.open(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_CLOEXEC, 0b111_000_000)))
            Libc.write(fd.Value, [0, 1, 2, 3]);
        return Fails(new(path), $"exec on {path}: ENOEXEC (Exec format error)");
    }

    [Fact(Timeout = 150_000)]
    public Task A_missing_working_directory() =>
        Fails(new("/bin/true") { WorkingDirectory = "/no/such/directory" }, "chdir on /no/such/directory: ENOENT (No such file or directory)");

    [Fact(Timeout = 150_000)]
    public Task An_executable_file_as_working_directory() =>
        Fails(new("/bin/true") { WorkingDirectory = "/bin/true" }, "chdir on /bin/true: ENOTDIR (Not a directory)");

    [Fact(Timeout = 150_000)]
    public Task An_empty_working_directory() => Fails(new("/bin/true") { WorkingDirectory = "" }, "chdir on : ENOENT (No such file or directory)");

    [Fact(Timeout = 150_000)]
    public async Task No_descriptor_left()
    {
        await Programs.Run("/bin/true");
        await Programs.LoopHasCaughtUp();
        ProcessState before = ProcessState.Now;
        Libc.getrlimit(0, Libc.RLIMIT_NOFILE, out Libc.rlimit limit);
        var held = new List<SafeFd>();
        try
        {
            Libc.setrlimit(0, Libc.RLIMIT_NOFILE, new Libc.rlimit { rlim_cur = (ulong)ProcessState.AllDescriptors + 50, rlim_max = limit.rlim_max });
            while (Libc.open("/dev/null", Libc.O_RDONLY | Libc.O_CLOEXEC) is >= 0 and int fd)
                held.Add(new SafeFd(fd));
            for (int spare = 0; spare < 2; spare++)
            {
                KernelException failure = await Assert.ThrowsAsync<KernelException>(() => Programs.Start("/bin/sleep", "1000"));
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
    }

    private static async Task Fails(PtyCommand command, string message)
    {
        await Programs.Run("/bin/true");
        await Programs.LoopHasCaughtUp();
        ProcessState before = ProcessState.Now;
        KernelException failure = await Assert.ThrowsAsync<KernelException>(() => PtyProcess.StartAsync(command));
        Assert.Equal(message, failure.Message);
        Assert.Equal(before, ProcessState.Now);
    }
}
