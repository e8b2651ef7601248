using System.Diagnostics;
using System.Text;
using Forkpty.Interop;

namespace Forkpty.Tests;

/// <summary>Programs without a terminal, and descriptors that are read with a deadline.</summary>
internal static class Piped
{
    private const int Patience = 60_000;

    public static PipedProgram Start(PtyCommand command)
    {
        using var plan = new SpawnPlan(command);
        return PipeSpawner.Start(plan);
    }

    public static PipedProgram Sh(string script) => Start(new PtyCommand("/bin/sh") { Arguments = ["-c", script] });

    /// <summary>Reads to the end, which is that every process has closed its side: 0 from a pipe, EIO from a terminal.</summary>
    public static string ReadToEnd(this SafeFd fd) => Read(fd, _ => false);

    /// <summary>Reads until the output ends with <paramref name="text"/>, and fails where it ends without.</summary>
    public static string ReadUntil(this SafeFd fd, string text)
    {
        string output = Read(fd, said => said.EndsWith(text, StringComparison.Ordinal));
        return output.EndsWith(text, StringComparison.Ordinal) ? output : throw new EndOfStreamException($"It did not say '{text}'. It said: {output}");
    }

    public static void Write(this SafeFd fd, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        nint written = Libc.write(fd.Value, bytes);
        if (written != bytes.Length) throw new IOException($"{written} of {bytes.Length} bytes were written.");
    }

    /// <summary>Waits for the leader's end and reaps it.</summary>
    public static ExitStatus WaitForEnd(this Leader leader)
    {
        WaitFor(leader.Pidfd, Libc.POLLIN);
        return leader.TryReap() ?? throw new InvalidOperationException("The leader has ended and cannot be reaped.");
    }

    public static void WaitFor(SafeFd fd, short events)
    {
        Span<Libc.pollfd> poll = [new Libc.pollfd { fd = fd.Value, events = events }];
        var clock = Stopwatch.StartNew();
        while (Libc.poll(poll, 1000) == 0)
        {
            if (clock.ElapsedMilliseconds > Patience) throw new TimeoutException($"Nothing happened on descriptor {fd.Value} within {Patience} ms.");
        }
    }

    private static string Read(SafeFd fd, Predicate<string> isEnough)
    {
        var output = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!isEnough(output.ToString()))
        {
            WaitFor(fd, Libc.POLLIN);
            nint count = Libc.read(fd.Value, buffer);
            if (count is 0 or -(nint)Errno.EIO) break;
            if (count < 0) throw new KernelException("read", $"descriptor {fd.Value}", (int)count);
            output.Append(Encoding.UTF8.GetString(buffer, 0, (int)count));
        }

        return output.ToString();
    }
}
