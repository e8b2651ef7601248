using Microsoft.Win32.SafeHandles;

namespace Forkpty.Interop;

/// <summary>A file descriptor that is closed once, and at the latest when nobody holds it any more.</summary>
internal sealed class SafeFd : SafeHandleMinusOneIsInvalid
{
    public SafeFd(int fd)
        : base(ownsHandle: true) => SetHandle(fd);

    /// <summary>The number, for a call; never kept beyond this object.</summary>
    public int Value => (int)handle;

    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0;
}
