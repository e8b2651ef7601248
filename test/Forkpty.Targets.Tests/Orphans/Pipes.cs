using Forkpty.Interop;
using Xunit;

namespace Forkpty.Targets;

/// <summary>What a process has as its output is opened only where it is a pipe without a name.</summary>
public sealed class Pipes : IDisposable
{
    private const int Pid = 301;
    private const uint InOpen = 0x20;
    private readonly HostPicture _picture = new();

    public Pipes()
    {
        _picture.Process(1, 1, status: "NSpid:\t1\n", pids: HostPicture.OwnPids);
        _picture.Process(300, 7, status: "NSpid:\t300\t1\n");
        _picture.Process(Pid, 8, status: "NSpid:\t301\t2\n", pids: "pid:[5300]");
    }

    public void Dispose() => _picture.Dispose();

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void One_without_a_reader_makes_an_orphan(bool isRead, int count)
    {
        KernelException.Check(Libc.pipe2(Libc.O_CLOEXEC, out int read, out int write), "pipe2", "a pipe");
        using var output = new SafeFd(write);
        using var input = new SafeFd(read);
        _picture.Link($"/proc/{Pid}/fd/1", $"/proc/self/fd/{write}");
        if (!isRead)
            input.Dispose();

        Assert.Equal(count, Orphans().Count);
    }

    [Fact]
    public async Task Any_other_file_is_left_alone()
    {
        string fifo = _picture.PathOf("/fifo");
        await Testing.Command.ShellAsync($"mkfifo {fifo}");
        _picture.Link($"/proc/{Pid}/fd/pipe:[1]", fifo);
        _picture.Link($"/proc/{Pid}/fd/1", "pipe:[1]"); // by the name of the link it is one

        using var reader = new SafeFd(KernelException.Check(Libc.open(fifo, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC), "open", fifo));
        using var opened = new SafeFd(KernelException.Check(Libc.inotify_init(), "inotify_init1", fifo));
        KernelException.Check(Libc.inotify_add_watch(opened.Value, fifo, InOpen), "inotify_add_watch", fifo);

        Assert.Empty(Orphans());

        Assert.Equal(0, Libc.poll([new() { fd = opened.Value, events = Libc.POLLIN }], 0));
    }

    private List<Orphan> Orphans() => new OrphanSearch(_picture.Host).In([new Target(TargetKind.Runc, "web", 300, 7)], out _);
}
