using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>
/// A static busybox of this machine, for targets without a shell. It is executed from memory, by its descriptor: nothing is written or mounted in the target, and
/// no other process of it can see a tool. Its shell runs its own applets, also where PATH leads to nothing.
/// </summary>
internal static class Toolbox
{
    private static readonly string[] Places = ["/usr/bin/busybox", "/bin/busybox", "/usr/local/bin/busybox"];

    /// <exception cref="EntryException">This machine has none.</exception>
    public static SafeFd Open()
    {
        foreach (string place in Places)
        {
            if (Libc.access(place, Libc.X_OK) >= 0 && IsStatic(place))
                return SealedProgram.Copy(place);
        }

        throw new EntryException($"there is no static busybox on this machine for --toolbox, at {string.Join(", ", Places)}; Debian's package is busybox-static");
    }

    /// <summary>Whether no program header asks for a loader, which the target does not have; elf(5).</summary>
    private static bool IsStatic(string path)
    {
        const int Interpreter = 3;
        using var file = new SafeFd(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC));
        byte[] head = new byte[4096];
        int count = file.IsInvalid ? 0 : (int)Math.Max(0, Libc.read(file.Value, head));
        if (count < 64 || !head.AsSpan(0, 4).SequenceEqual("\u007fELF"u8)) return false;
        int at = (int)Math.Min(BitConverter.ToUInt64(head, 32), 4096);
        int size = BitConverter.ToUInt16(head, 54), number = BitConverter.ToUInt16(head, 56);
        for (int i = 0; i < number && at + 4 <= count; i++, at += size)
        {
            if (BitConverter.ToInt32(head, at) == Interpreter)
                return false;
        }

        return number > 0;
    }
}
