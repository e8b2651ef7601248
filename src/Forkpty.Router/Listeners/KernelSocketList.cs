using System.Globalization;

namespace Forkpty.Listeners;

/// <summary>The kernel's list of UNIX sockets, /proc/net/unix; proc(5).</summary>
internal static class KernelSocketList
{
    private const string File = "/proc/net/unix";

    /// <summary>__SO_ACCEPTCON, the flag of a socket that listens.</summary>
    private const uint AcceptsConnections = 1 << 16;

    /// <summary>Whether a socket that was bound by this very path listens. False proves nothing: it may have been bound by another path, or in another network namespace.</summary>
    public static bool IsListening(string path)
    {
        try
        {
            foreach (string line in System.IO.File.ReadLines(File))
            {
                // Num RefCount Protocol Flags Type St Inode Path
                string[] fields = line.Split(' ', 8, StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length == 8 && fields[7] == path && uint.TryParse(fields[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint flags)
                    && (flags & AcceptsConnections) != 0)
                    return true;
            }
        }
        catch (IOException)
        {
            // No /proc here: the caller tries a connection.
        }

        return false;
    }
}
