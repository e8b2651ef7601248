using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

public sealed class HangUpThatWaitsTests
{
    [Fact(Timeout = 150_000)]
    public async Task A_terminal_that_cannot_be_closed_holds_up_nobody_elses_end()
    {
        PtyProcess reader = await Programs.Start("/usr/bin/python3", "-c", FaultingReader.Script);
        Assert.SkipWhen(await reader.ReadUntil("\r\n") == "none\r\n", "userfaultfd(2) is not there, or not for this user");
        await reader.Type("x\r");
        await reader.ReadUntil("waits\r\n");

        await reader.DisposeAsync();

        await using PtyProcess other = await Programs.Sh("exit 7");
        Assert.Equal(7, (await other.WaitForExitAsync()).Code);
        Assert.True(reader.Signal(9));
        Assert.Equal(9, (await reader.WaitForExitAsync()).Signal);
    }
}
