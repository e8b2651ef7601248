using System.Text;
using Xunit;

namespace Forkpty.Tests;

public sealed class PtyProcessTests
{
    [Fact(Timeout = 10_000)]
    public async Task Output_ends_when_the_program_has_ended_and_its_exit_code_is_told()
    {
        await using PtyProcess process = await PtyProcess.StartAsync(new PtyCommand("/bin/sh") { Arguments = ["-c", "tty; stty size; exit 7"], Size = new(33, 111) });
        string output = await ReadToEndAsync(process);
        Assert.Equal($"{process.Terminal.Name}\r\n33 111\r\n", output);
        Assert.Equal(ExitStatus.Exited(7), await process.WaitForExitAsync());
    }

    internal static async Task<string> ReadToEndAsync(PtyProcess process)
    {
        var output = new MemoryStream();
        byte[] buffer = new byte[4096];
        while (await process.ReadAsync(buffer) is > 0 and int count)
            output.Write(buffer, 0, count);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
