using Forkpty.Interop;

namespace Forkpty;

/// <summary>An unnamed file in memory, which goes through an exec where its descriptor does; memfd_create(2).</summary>
internal static class MemoryFile
{
    /// <param name="name">What /proc calls it.</param>
    /// <exception cref="KernelException">No descriptor or memory is left.</exception>
    public static SafeFd Create(string name) => new(KernelException.Check(Libc.memfd_create(name), "memfd_create", name));

    /// <summary>Writes all of it.</summary>
    /// <exception cref="KernelException">No memory is left.</exception>
    public static void Write(SafeFd file, string name, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[(int)KernelException.Check((int)Libc.write(file.Value, bytes), "write", $"memfd:{name}")..];
    }
}
