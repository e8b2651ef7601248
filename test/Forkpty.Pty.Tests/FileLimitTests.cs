using Forkpty.Interop;
using Xunit;

namespace Forkpty.Tests;

[Collection(nameof(Alone))]
public sealed class FileLimitTests
{
    [Fact(Timeout = 150_000)]
    public async Task Programs_get_the_limit_of_files_that_was_meant_for_them_and_not_ours()
    {
        Libc.getrlimit(0, Libc.RLIMIT_NOFILE, out Libc.rlimit given);
        FileLimit? before = FileLimit.OfPrograms;
        try
        {
            FileLimit.OfPrograms = new FileLimit(given.rlim_cur - 1, given.rlim_max - 1);
            FileLimit.Raise();
            Libc.getrlimit(0, Libc.RLIMIT_NOFILE, out Libc.rlimit raised);
            Assert.Equal(given.rlim_max, raised.rlim_cur);

            // It is set right after the start, so the program asks once it is told to.
            await using PtyProcess process = await Programs.Sh("stty -echo; echo ready; read line; ulimit -Sn; ulimit -Hn");
            await process.ReadUntil("ready\r\n");
            await process.Type("\n");
            Assert.Equal($"{given.rlim_cur - 1}\r\n{given.rlim_max - 1}\r\n", await process.ReadToEnd());
        }
        finally
        {
            FileLimit.OfPrograms = before;
            Libc.setrlimit(0, Libc.RLIMIT_NOFILE, given);
        }
    }
}
