using System.Diagnostics;

namespace Forkpty.Bench;

/// <summary>Types one key at a time and waits for its echo: a closed loop.</summary>
internal static class Typist
{
    // A terminal that reads lines holds at most 4,095 characters of one and echoes no more: end the line well before, unmeasured.
    private const int KeysPerLine = 1000;
    private const int WarmUpKeys = 100;
    private const int KeysAtMost = 500_000;
    private const int PaintedMilliseconds = 20;

    /// <summary>
    /// Types <paramref name="keys"/> keys. With <paramref name="gapMilliseconds"/> it rests that long before each key, as people do: the threads involved have
    /// then gone to sleep, and other sessions have had the processor. Where the screen is <paramref name="painted"/> by a program in between, there may be sequences around
    /// an echo.
    /// </summary>
    public static Samples Type(Connection session, int keys, int gapMilliseconds = 0, bool painted = false)
    {
        long[] ticks = new long[keys];
        for (int i = -WarmUpKeys; i < keys; i++)
        {
            if (gapMilliseconds > 0)
                Pause.Milliseconds(gapMilliseconds);
            long taken = painted ? PaintedKey(session) : Key(session);
            if (i >= 0)
                ticks[i] = taken;
            if (i % KeysPerLine == KeysPerLine - 1)
                EndLine(session, painted);
        }
        EndLine(session, painted);
        return new Samples(ticks);
    }

    /// <summary>Types without a rest for a time, or until <see cref="KeysAtMost"/>.</summary>
    public static Samples TypeFor(Connection session, TimeSpan time)
    {
        long[] ticks = new long[KeysAtMost];
        int keys = 0;
        for (Deadline deadline = Deadline.In(time); !deadline.HasPassed && keys < KeysAtMost; keys++)
        {
            ticks[keys] = Key(session);
            if (keys % KeysPerLine == KeysPerLine - 1)
                EndLine(session);
        }
        EndLine(session);
        return new Samples(ticks[..keys]);
    }

    private static long Key(Connection session)
    {
        Span<byte> echo = stackalloc byte[16];
        long start = Stopwatch.GetTimestamp();
        session.Send("k"u8);
        int count = session.Receive(echo);
        long taken = Stopwatch.GetTimestamp() - start;
        return count == 1 && echo[0] == (byte)'k'
            ? taken
            : throw new BenchException($"a key's echo was {count} bytes ({Convert.ToHexString(echo[..count])})");
    }

    private static long PaintedKey(Connection session)
    {
        Span<byte> echo = stackalloc byte[256];
        long start = Stopwatch.GetTimestamp();
        session.Send("k"u8);
        while (true)
        {
            int count = session.Receive(echo);
            if (count == 0)
                throw new BenchException("the session ended while keys were typed");
            if (echo[..count].Contains((byte)'k'))
                return Stopwatch.GetTimestamp() - start;
        }
    }

    private static void EndLine(Connection session, bool painted = false)
    {
        session.Send("\n"u8);
        if (painted)
        {
            Span<byte> sequences = stackalloc byte[256];
            while (session.IsReadable(PaintedMilliseconds) && session.Receive(sequences) > 0)
                continue;
            return;
        }
        Span<byte> echo = stackalloc byte[2];
        for (int got = 0; got < 2;)
        {
            int count = session.Receive(echo[got..]);
            got += count > 0 ? count : throw new BenchException("the session ended while keys were typed");
        }
    }
}
