using System.Security.Cryptography;
using System.Text;
using Forkpty.Interop;
using Xunit;

namespace Forkpty.Tests;

/// <summary>Bytes in both directions, and waiting for them.</summary>
public sealed class TransferTests
{
    [Fact(Timeout = 150_000)]
    public Task A_mebibyte_of_raw_input_arrives_whole()
    {
        byte[] input = new byte[1_048_576];
        new Random(1).NextBytes(input);
        return ArrivesWhole("stty raw -echo", input);
    }

    [Fact(Timeout = 150_000)]
    public Task A_mebibyte_of_lines_arrives_whole()
    {
        var lines = new StringBuilder();
        for (int i = 0; lines.Length < 1_048_576; i++)
            lines.Append(i).Append(" a line of text, as a person types them or pastes them\n");
        return ArrivesWhole("stty -echo", Encoding.UTF8.GetBytes(lines.ToString()));
    }

    [Fact(Timeout = 150_000)]
    public async Task Writing_can_be_given_up_while_the_program_does_not_read()
    {
        await using PtyProcess process = await Programs.Sh("stty raw -echo; trap 'exec cat' USR1; echo ready; sleep 1000 & wait");
        await process.ReadUntil("ready\n");
        byte[] input = new byte[1_048_576];
        new Random(2).NextBytes(input);
        using var cancellation = new CancellationTokenSource();
        Task write = process.WriteAsync(input, cancellation.Token).AsTask();
        await Programs.LoopHasCaughtUp();
        Assert.False(write.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);

        // What was taken is the beginning of what was given, and the terminal goes on working.
        Assert.True(process.Signal(Libc.SIGUSR1));
        Task end = process.WriteAsync("END"u8.ToArray()).AsTask();
        var output = new MemoryStream();
        byte[] buffer = new byte[4096];
        while (!output.ToArray().AsSpan().EndsWith("END"u8))
            output.Write(buffer, 0, await process.ReadAsync(buffer));
        await end;
        Assert.True(output.Length > 3);
        Assert.True(input.AsSpan().StartsWith(output.ToArray().AsSpan()[..^3]));
    }

    [Fact(Timeout = 150_000)]
    public async Task Reading_that_is_given_up_again_and_again_loses_nothing()
    {
        await using PtyProcess process = await Programs.Sh("for i in 1 2 3 4 5 6 7 8; do seq 1 2000; done");
        var output = new MemoryStream();
        byte[] buffer = new byte[1000];
        int givenUp = 0;
        while (true)
        {
            using var cancellation = new CancellationTokenSource();
            ValueTask<int> read = process.ReadAsync(buffer, cancellation.Token);
            _ = cancellation.CancelAsync();
            try
            {
                int count = await read;
                if (count == 0) break;
                output.Write(buffer, 0, count);
            }
            catch (OperationCanceledException)
            {
                givenUp++;
            }
        }

        string once = string.Concat(Enumerable.Range(1, 2000).Select(i => $"{i}\r\n"));
        Assert.Equal(string.Concat(Enumerable.Repeat(once, 8)), Encoding.ASCII.GetString(output.ToArray()));
        Assert.True(givenUp > 0);
    }

    [Fact(Timeout = 150_000)]
    public async Task A_flood_can_be_left()
    {
        await using PtyProcess process = await Programs.Sh("echo ready; sleep 1000");
        await Programs.Eventually(() => Libc.ioctl_FIONREAD(process.Terminal.Master.Value) > 0);
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await process.ReadAsync(new byte[10], cancellation.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await process.WriteAsync(new byte[10], cancellation.Token));
        Assert.Equal("ready\r\n", await process.ReadUntil("\n"));
    }

    [Fact(Timeout = 150_000)]
    public async Task A_second_read_beside_the_first_is_refused()
    {
        await using PtyProcess process = await Programs.Sh("stty -echo; echo ready; read line; echo answer");
        await process.ReadUntil("ready\r\n");
        byte[] buffer = new byte[100];
        Task<int> first = process.ReadAsync(buffer).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await process.ReadAsync(new byte[100]));
        await process.Type("\n");
        Assert.Equal("answer\r\n", Encoding.ASCII.GetString(buffer, 0, await first));
    }

    [Fact(Timeout = 150_000)]
    public async Task Writing_more_than_a_terminal_takes_to_nobody_ends_with_EIO()
    {
        await using PtyProcess process = await Programs.Start("/bin/true");
        await process.ReadToEnd();
        KernelException failure = await Assert.ThrowsAsync<KernelException>(() => process.WriteAsync(new byte[1_048_576]).AsTask());
        Assert.Equal($"write on {process.Terminal.Name}: EIO (Input/output error)", failure.Message);
    }

    [Fact(Timeout = 150_000)]
    public async Task A_write_that_waits_ends_with_EIO_when_the_program_goes()
    {
        await using PtyProcess process = await Programs.Sh("stty raw -echo; echo ready; exec sleep 1000");
        await process.ReadUntil("ready\n");
        Task write = process.WriteAsync(new byte[1_048_576]).AsTask();
        await Programs.LoopHasCaughtUp();
        Assert.False(write.IsCompleted);
        Assert.True(process.Signal(Libc.SIGKILL));
        Assert.Equal(Errno.EIO, (await Assert.ThrowsAsync<KernelException>(() => write)).Error);
    }

    [Fact(Timeout = 150_000)]
    public async Task Disposing_ends_a_read_and_a_write_that_wait()
    {
        PtyProcess process = await Programs.Sh("stty raw -echo; echo ready; sleep 1000");
        await process.ReadUntil("ready\n");
        Task read = process.ReadAsync(new byte[10]).AsTask();
        Task write = process.WriteAsync(new byte[1_048_576]).AsTask();
        await process.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => write);
        await process.WaitForExitAsync();
    }

    private static async Task ArrivesWhole(string settings, byte[] input)
    {
        await using PtyProcess process = await Programs.Sh($"{settings}; echo ready; head -c {input.Length} | sha256sum");
        await process.ReadUntil("ready" + (settings.Contains("raw", StringComparison.Ordinal) ? "\n" : "\r\n"));
        await process.WriteAsync(input);
        Assert.StartsWith(Convert.ToHexStringLower(SHA256.HashData(input)), await process.ReadToEnd(), StringComparison.Ordinal);
    }
}
