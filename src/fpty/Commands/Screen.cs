using System.Text;
using Forkpty.Interop;

namespace Forkpty.Commands;

/// <summary>
/// Standard output and standard error by write(2). The Console class is not used at all: even its bare streams start a thread and install signal
/// handlers at the first write. A FileStream is not either: it writes at an offset of its own, over what others wrote to the same file.
/// </summary>
internal static class Screen
{
    /// <exception cref="OutputException">Not all of it could be written.</exception>
    public static void Write(string text)
    {
        if (Write(1, text) is < 0 and var error)
            throw new OutputException(error);
    }

    /// <summary>Where nobody can be told nothing is told.</summary>
    public static void WriteError(string text) => _ = Write(2, text);

    /// <returns>0, or minus errno.</returns>
    private static int Write(int descriptor, string text)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        while (rest.Length > 0)
        {
            var count = Libc.write(descriptor, rest);
            if (count == -(int)Errno.EAGAIN)
                WaitUntilWritable(descriptor);
            else if (count < 0)
                return (int)count;
            else
                rest = rest[(int)count..];
        }

        return 0;
    }

    /// <summary>Another program may have left the terminal non-blocking.</summary>
    private static void WaitUntilWritable(int descriptor) => _ = Libc.poll(descriptor, Libc.POLLOUT, -1);
}
