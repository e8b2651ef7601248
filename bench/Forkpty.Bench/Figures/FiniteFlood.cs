using System.Diagnostics;
using System.Text;

namespace Forkpty.Bench;

/// <summary>
/// Output that has an end, from a file. tmux does not send its client all that a program puts out, so what counts is how long the program takes to get
/// rid of it, until its reader has seen the end.
/// </summary>
internal sealed class FiniteFlood : IDisposable
{
    private static readonly byte[] End = "READY"u8.ToArray();

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _line;

    public FiniteFlood(ReadOnlySpan<byte> content)
    {
        string file = _folder.PathOf("flood");
        using (FileStream stream = File.Create(file))
            stream.Write(content);
        _line = Encoding.UTF8.GetBytes($"cat {file}; echo RE''ADY\n");
    }

    /// <summary>Lines of 80 columns, as those of <see cref="Flood"/>.</summary>
    public static FiniteFlood OfLines(int bytes)
    {
        byte[] content = GC.AllocateUninitializedArray<byte>(bytes);
        ReadOnlySpan<byte> line = Encoding.ASCII.GetBytes($"{Flood.Command[4..]}\n");
        for (int at = 0; at < bytes; at += line.Length)
            line[..Math.Min(line.Length, bytes - at)].CopyTo(content.AsSpan(at));
        return new FiniteFlood(content);
    }

    /// <summary>Has the shell of a session put it out, reads until its end has come, and says how many seconds that took.</summary>
    public double Run(Connection session)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(64 * 1024);
        int kept = 0; // the end of what came before, for the mark may come in two pieces
        long start = Stopwatch.GetTimestamp();
        session.Send(_line);
        while (true)
        {
            int count = session.Receive(buffer.AsSpan(kept));
            if (count == 0)
                throw new BenchException("a session ended in a flood");
            Span<byte> come = buffer.AsSpan(0, kept + count);
            if (come.IndexOf(End) >= 0)
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            kept = Math.Min(End.Length - 1, come.Length);
            come[^kept..].CopyTo(buffer);
        }
    }

    public void Dispose() => _folder.Dispose();
}
