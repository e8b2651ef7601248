using System.Globalization;
using System.Text;
using Forkpty.Interop;

namespace Forkpty.Jail;

/// <summary>The files a running router has to its name: <c>pidfile</c>, <c>pidfile2</c> and <c>logto</c>.</summary>
internal static class ProcessFiles
{
    private const int OwnerWritesAllRead = 0x1A4;
    private const int OwnerWritesGroupReads = 0x1A0;

    /// <summary>Writes the pid of this process, the one to signal: it stays the same through all stages. Never through a symbolic link.</summary>
    /// <param name="path">The file.</param>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="JailException">The file cannot be written.</exception>
    public static void WritePid(string path, string option)
    {
        int fd = Libc.open(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC | Libc.O_CLOEXEC | Libc.O_NOFOLLOW | Libc.O_NOCTTY, OwnerWritesAllRead);
        Check(fd, option, path);
        using var file = new SafeFd(fd);
        byte[] text = Encoding.ASCII.GetBytes(Libc.getpid().ToString(CultureInfo.InvariantCulture) + "\n");
        Check((int)Libc.write(fd, text), option, path);
    }

    /// <summary>Removes a pid file, as far as we may: it belongs to root where root was given up.</summary>
    public static void RemovePid(string path) => _ = Libc.unlink(path);

    /// <summary>Sends standard output and error to a file, appended to.</summary>
    /// <param name="path">The file.</param>
    /// <param name="waits">Whether a pipe's reader is waited for.</param>
    /// <exception cref="JailException">The file cannot be opened.</exception>
    public static void LogTo(string path, bool waits = true)
    {
        int fd = Libc.open(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND | Libc.O_CLOEXEC | Libc.O_NOCTTY | (waits ? 0 : Libc.O_NONBLOCK), OwnerWritesGroupReads);
        Check(fd, "logto", path);
        using var file = new SafeFd(fd);
        Check(Libc.dup2(fd, 1), "logto", path);
        Check(Libc.dup2(fd, 2), "logto", path);
    }

    private static void Check(int result, string option, string path)
    {
        if (result < 0)
            throw new JailException($"{option} = {path}: {KernelException.Describe(result)}; give a file in a directory that fpty may write to");
    }
}
