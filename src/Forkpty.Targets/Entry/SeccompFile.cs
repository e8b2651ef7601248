using System.Buffers.Binary;
using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>
/// The seccomp filter that crun keeps beside a container's state for its own exec, as the kernel takes it. To copy one from a process takes CAP_SYS_ADMIN of the host; the
/// owner of a rootless container has his own file.
/// </summary>
internal static class SeccompFile
{
    /// <summary>Bytes of a struct sock_filter: code, two jumps, and a word.</summary>
    public const int Instruction = 8;

    private const int MostInstructions = 4096;
    private const int Return = 0x06; // BPF_RET | BPF_K
    private const uint Notify = 0x7fc0_0000; // SECCOMP_RET_USER_NOTIF

    /// <summary>The one filter that is on a container's first process; null where no file of root or of the caller tells.</summary>
    /// <param name="files">The host.</param>
    /// <param name="target">The container, or its first process.</param>
    /// <param name="filters">How many are on the process: of more, the file is not all.</param>
    public static byte[]? Find(HostFiles files, Target target, int filters)
    {
        if (filters > 1) return null;
        foreach (Place place in new Places(files).Of("crun"))
        {
            foreach (string id in target.Id.Length > 0 ? [target.Id] : files.Names(place))
            {
                if (RuntimeState.Read(files, place, id, isCrun: true) is { } state && IsTrusted(state.Owner) && state.ProcessId == target.ProcessId && state.Start == target.StartTime)
                    return Read(files, place.Below($"{id}/seccomp.bpf"));
            }
        }

        return null;
    }

    private static bool IsTrusted(uint owner) => owner == 0 || owner == Libc.geteuid();

    private static byte[]? Read(HostFiles files, Place file)
    {
        using SafeFd? opened = files.Open(file, out uint owner);
        if (opened is null || !IsTrusted(owner)) return null;
        byte[] bytes = new byte[(MostInstructions * Instruction) + 1];
        int have = 0;
        while (have < bytes.Length && Libc.read(opened.Value, bytes.AsSpan(have)) is > 0 and var count)
            have += (int)count;
        if (have == 0 || have == bytes.Length || have % Instruction != 0) return null;
        for (int at = 0; at < have; at += Instruction)
        {
            // A supervisor answers this one: a copy of it would have none to answer.
            if (BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at)) == Return && (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 4)) & 0xffff_0000) == Notify)
                return null;
        }

        return bytes[..have];
    }
}
