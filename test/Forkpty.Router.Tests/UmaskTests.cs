using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

[Collection(nameof(Alone))]
public sealed class UmaskTests
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(0u)]
    [InlineData(0x3Fu)]
    public async Task Whatever_the_umask_the_file_never_allows_more_than_was_asked_for(uint umask)
    {
        using var directory = new TempDirectory();
        var address = RouterAddress.Parse(directory["s"]);
        uint before = Libc.umask(umask);
        try
        {
            int widest = 0; // of all that the watcher has seen
            using var done = new CancellationTokenSource();
            Task watcher = Task.Run(() =>
            {
                while (!done.IsCancellationRequested)
                {
                    if (Libc.lstat(directory["s"], out Libc.FileState state) == 0)
                        widest |= state.Mode & 0xFFF;
                }
            });
            long begun = Environment.TickCount64;
            for (int i = 0; i < 300 || (Volatile.Read(ref widest) == 0 && Environment.TickCount64 - begun < 60_000); i++)
            {
                using BoundSocket socket = BoundSocket.Bind(address, new SocketOptions { Mode = 0x1A0 /* 0640 */ });
                Assert.Equal((UnixFileMode)0x1A0, File.GetUnixFileMode(directory["s"]));
                socket.RemoveFile();
            }

            await done.CancelAsync();
            await watcher;
            Assert.Equal(0x1A0, widest);
        }
        finally
        {
            _ = Libc.umask(before);
        }
    }
}
