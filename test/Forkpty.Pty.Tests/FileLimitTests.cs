using Forkpty.Interop;
using Xunit;

namespace Forkpty.Tests;

[Collection(nameof(Alone))]
public sealed class FileLimitTests
{
    [Fact(Timeout = 20_000)]
    public async Task Programs_get_the_limit_of_files_that_we_were_given()
    {
        Libc.getrlimit(0, Libc.RLIMIT_NOFILE, out Libc.rlimit given);
        try
        {
            Assert.Equal(given.rlim_cur - 1, FileLimit.Raise(given.rlim_cur - 1));
            Assert.Equal($"{given.rlim_cur}\r\n{given.rlim_max}\r\n", (await Programs.Run("/bin/sh", "-c", "ulimit -Sn; ulimit -Hn")).Output);
            Assert.Equal(given.rlim_max, FileLimit.Raise());
            Assert.Equal($"{given.rlim_cur}\r\n{given.rlim_max}\r\n", (await Programs.Run("/bin/sh", "-c", "ulimit -Sn; ulimit -Hn")).Output);
        }
        finally
        {
            Libc.setrlimit(0, Libc.RLIMIT_NOFILE, given);
        }
    }
}
