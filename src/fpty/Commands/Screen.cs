using System.Text;
using Forkpty.Interop;

namespace Forkpty.Commands;

/// <summary>
/// Standard output and standard error by write(2). The Console class is not used at all: even its bare streams start a thread and install signal
/// handlers at the first write. A FileStream is not either: it writes at an offset of its own, over what others wrote to the same file.
/// </summary>
internal static class Screen
{
    /// <returns>False where nobody reads any more.</returns>
    public static bool Write(string text) => Write(1, text);

    public static void WriteError(string text) => Write(2, text);

    private static bool Write(int descriptor, string text)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        while (rest.Length > 0)
        {
            var count = Libc.write(descriptor, rest);
            if (count == -(int)Errno.EAGAIN)
                WaitUntilWritable(descriptor);
            else if (count < 0)
                return false;
            else
                rest = rest[(int)count..];
        }

        return true;
    }

    /// <summary>Another program may have left the terminal non-blocking.</summary>
    private static void WaitUntilWritable(int descriptor) => _ = Libc.poll(descriptor, Libc.POLLOUT, -1);
}
