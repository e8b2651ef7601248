using System.Buffers.Text;

namespace Forkpty;

/// <summary>What /proc/PID/stat tells of a process that we need to know; proc_pid_stat(5).</summary>
/// <param name="Pid">Its number, which another process may have once it has been reaped.</param>
/// <param name="State">R, S, D, T, Z ...</param>
/// <param name="Parent">The pid of its parent.</param>
/// <param name="Session">The pid of the leader of its session, also after that one's end.</param>
/// <param name="Threads">How many threads it has.</param>
/// <param name="Start">When it started, in ticks of 10 ms since boot: with the pid it tells it from every other.</param>
internal readonly record struct ProcessStat(int Pid, char State, int Parent, int Session, int Threads, ulong Start)
{
    /// <summary>Whether it can still do something. One whose first thread has ended says Z while others go on.</summary>
    public bool IsAlive => State is not ('Z' or 'X' or 'x') || Threads > 1;

    /// <summary>The same process, and not another with its number.</summary>
    public bool IsSame(ProcessStat other) => Pid == other.Pid && Start == other.Start;

    /// <summary>Reads the line. The second field is a name that the program has given itself: anything may stand in it, up to the last parenthesis.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out ProcessStat stat)
    {
        stat = default;
        int open = line.IndexOf(" ("u8);
        int close = line.LastIndexOf(") "u8);
        if (open < 0 || close < open || !Utf8Parser.TryParse(line[..open], out int pid, out int used) || used != open)
            return false;

        char state = '\0';
        long parent = 0, session = 0, threads = 0, start = 0;
        int field = 3;
        foreach (Range range in line[(close + 2)..].Split((byte)' '))
        {
            ReadOnlySpan<byte> text = line[(close + 2)..][range];
            long number = 0;
            if (field == 3)
                state = text.Length == 1 ? (char)text[0] : '\0';
            else if (!Utf8Parser.TryParse(text, out number, out used) || used != text.Length)
                return false;
            switch (field++)
            {
                case 4: parent = number; break;
                case 6: session = number; break;
                case 20: threads = number; break;
                case 22: start = number; break;
            }

            if (field > 22) break;
        }

        if (field <= 22 || state == '\0' || pid <= 0 || (int)parent != parent || (int)session != session || (int)threads != threads || start < 0)
            return false;
        stat = new ProcessStat(pid, state, (int)parent, (int)session, (int)threads, (ulong)start);
        return true;
    }
}
