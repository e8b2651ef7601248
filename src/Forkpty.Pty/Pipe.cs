using Forkpty.Interop;

namespace Forkpty;

/// <summary>A pipe to or from a program that is about to start. Disposing it closes the program's end here, and ours unless it was taken; pipe(7).</summary>
internal sealed class Pipe : IDisposable
{
    private const int FirstFree = 3;

    private SafeFd? _ours;

    private Pipe(SafeFd ours, SafeFd theirs)
    {
        _ours = ours;
        Theirs = theirs;
    }

    /// <summary>The program's end. Its number is above 2, so that making a descriptor 0 to 2 of it overwrites no other end.</summary>
    public SafeFd Theirs { get; }

    /// <summary>Opens a pipe; both ends are close-on-exec, ours is non-blocking. That is a property of each end: the program's own is as programs expect it.</summary>
    /// <param name="name">What the program calls it, for the error.</param>
    /// <param name="weRead">Whether we read and the program writes.</param>
    /// <exception cref="KernelException">No descriptor is left.</exception>
    public static Pipe Open(string name, bool weRead)
    {
        KernelException.Check(Libc.pipe2(Libc.O_CLOEXEC, out int read, out int write), "pipe2", name);
        (var ours, var theirs) = (new SafeFd(weRead ? read : write), new SafeFd(weRead ? write : read));
        try
        {
            int flags = KernelException.Check(Libc.fcntl(ours.Value, Libc.F_GETFL), "fcntl(F_GETFL)", name);
            KernelException.Check(Libc.fcntl(ours.Value, Libc.F_SETFL, flags | Libc.O_NONBLOCK), "fcntl(F_SETFL)", name);
            if (theirs.Value < FirstFree)
            {
                int higher = KernelException.Check(Libc.fcntl(theirs.Value, Libc.F_DUPFD_CLOEXEC, FirstFree), "fcntl(F_DUPFD_CLOEXEC)", name);
                theirs.Dispose();
                theirs = new SafeFd(higher);
            }

            return new Pipe(ours, theirs);
        }
        catch
        {
            ours.Dispose();
            theirs.Dispose();
            throw;
        }
    }

    /// <summary>Our end, which belongs to the caller from now on.</summary>
    public SafeFd Take()
    {
        SafeFd ours = _ours ?? throw new InvalidOperationException("Our end of the pipe was taken.");
        _ours = null;
        return ours;
    }

    public void Dispose()
    {
        _ours?.Dispose();
        Theirs.Dispose();
    }
}
