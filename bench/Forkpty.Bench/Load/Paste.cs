using System.Diagnostics;

namespace Forkpty.Bench;

/// <summary>A long text pasted into a session as fast as its program takes it.</summary>
internal static class Paste
{
    private const int LineBytes = 64;
    private const int BlockBytes = 4096;

    /// <summary>From the first byte sent until the program has said that it has read all of them.</summary>
    public static double MibPerSecond(Server server, int bytes)
    {
        int amount = bytes / BlockBytes * BlockBytes;
        using Connection session = server.Open();
        session.Run("stty -echo", then: $"head -c {amount} >/dev/null; echo PASTED");
        Span<byte> block = stackalloc byte[BlockBytes];
        block.Fill((byte)'p');
        for (int end = LineBytes; end <= BlockBytes; end += LineBytes)
            block[end - 1] = (byte)'\n';

        long start = Stopwatch.GetTimestamp();
        for (int sent = 0; sent < amount; sent += BlockBytes)
            session.Send(block);
        session.ReadUntil("PASTED\r\n");
        return amount / 1048576.0 / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
