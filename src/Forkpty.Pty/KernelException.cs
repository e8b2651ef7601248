using System.Runtime.InteropServices;
using Forkpty.Interop;

namespace Forkpty;

/// <summary>A system call failed. The message names the call, what it was done on, and the error: <c>ioctl(TIOCSWINSZ) on pts/3: EBADF (Bad file descriptor)</c>.</summary>
public sealed class KernelException : IOException
{
    internal KernelException(string call, string target, int errno)
        : base($"{call} on {target}: {Describe(errno)}", Math.Abs(errno))
    {
        Call = call;
        Target = target;
        Errno = Math.Abs(errno);
    }

    /// <summary>The call that failed, as its man page names it.</summary>
    public string Call { get; }

    /// <summary>What the call was done on: a path, an address, a terminal.</summary>
    public string Target { get; }

    /// <summary>The error number, positive; errno(3).</summary>
    public int Errno { get; }

    internal Errno Error => (Errno)Errno;

    /// <summary>The name and the C library's words for an error number of either sign: <c>ENOENT (No such file or directory)</c>.</summary>
    internal static string Describe(int errno)
    {
        errno = Math.Abs(errno);
        string words = Marshal.GetPInvokeErrorMessage(errno);
        string? name = Enum.GetName((Errno)errno);
        return name is null ? $"{words} (errno {errno})" : $"{name} ({words})";
    }

    /// <summary>Passes a result through, or throws where it is minus errno.</summary>
    internal static int Check(int result, string call, string target) => result >= 0 ? result : throw new KernelException(call, target, result);
}
