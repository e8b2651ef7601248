using System.Text;

namespace Forkpty.Commands;

/// <summary>
/// Standard output and standard error, without buffers, encoders and terminal settings. The streams call write(2) and so keep the place in a file
/// that another program of the same script writes to; a FileStream would not.
/// </summary>
internal static class Screen
{
    public static void Write(string text) => Write(Console.OpenStandardOutput(), text);

    public static void WriteError(string text) => Write(Console.OpenStandardError(), text);

    private static void Write(Stream stream, string text)
    {
        using (stream)
            stream.Write(Encoding.UTF8.GetBytes(text));
    }
}
