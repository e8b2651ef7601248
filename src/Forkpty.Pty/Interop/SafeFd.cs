using Microsoft.Win32.SafeHandles;

namespace Forkpty.Interop;

/// <summary>A file descriptor that is closed once, and at the latest when nobody holds it any more.</summary>
internal sealed class SafeFd : SafeHandleMinusOneIsInvalid
{
    public SafeFd(int fd)
        : base(ownsHandle: true) => SetHandle(fd);

    /// <summary>The number, for a call by the one thread that also closes it; never kept beyond this object. Everybody else takes <see cref="Hold"/>.</summary>
    public int Value => (int)handle;

    /// <summary>
    /// Keeps the descriptor open for a call, whoever disposes this object meanwhile: the kernel gives a closed number to the next one who
    /// opens something, and a read or a signal would reach another session.
    /// </summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public Lease Hold() => new(this);

    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0;

    /// <summary>The right to use a descriptor until this is disposed.</summary>
    public readonly ref struct Lease
    {
        private readonly SafeFd _fd;

        internal Lease(SafeFd fd)
        {
            bool held = false;
            fd.DangerousAddRef(ref held);
            _fd = fd;
        }

        public int Value => _fd.Value;

        public void Dispose() => _fd.DangerousRelease();
    }
}
