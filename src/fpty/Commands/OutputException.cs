using Forkpty.Interop;

namespace Forkpty.Commands;

/// <summary>Standard output takes nothing more: a disk is full, or nobody reads. No <see cref="IOException"/>, for nobody on the way can do anything else then.</summary>
internal sealed class OutputException(int error) : Exception($"cannot write to stdout: {KernelException.Describe(error)}")
{
    /// <summary>Nobody reads any more, which is told to nobody: the reader of a pipe had enough.</summary>
    public bool IsClosed => error == -(int)Errno.EPIPE;
}
