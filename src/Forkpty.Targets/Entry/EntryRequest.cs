using System.Buffers.Binary;
using System.Text;
using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>What enter.c is asked to do: its struct request, then the groups, the filter, and the strings.</summary>
internal sealed class EntryRequest
{
    /// <summary>Bytes that enter.c takes at most.</summary>
    private const int Most = 256 * 1024;

    private const int MostWords = 8192;
    private const int HeaderSize = (14 * sizeof(uint)) + (3 * sizeof(ulong)) + (8 * sizeof(ulong)) + (Libc.RLIMITS * 2 * sizeof(ulong));

    [Flags]
    internal enum Flag : uint
    {
        ChangeRoot = 1,
        SetGroups = 2,
        GroupsBefore = 4,
        AnyDirectory = 8,
        NoNewPrivileges = 16,
        CopySeccomp = 32,
        Toolbox = 64,

        /// <summary>A control group or the like that cannot be joined is left out.</summary>
        Anyway = 128,

        /// <summary>The program has pipes, and no terminal.</summary>
        Pipes = 256,
    }

    public Flag Flags { get; set; }

    /// <summary>CLONE_NEW* flags.</summary>
    public int Namespaces { get; set; }

    public ulong[] Inodes { get; init; } = [];

    public int ProcessId { get; init; }

    public uint Uid { get; set; }

    public uint Gid { get; set; }

    public uint Umask { get; set; }

    public uint[] Groups { get; set; } = [];

    /// <summary>A seccomp filter to install, as struct sock_filter; empty where there is none, or it is copied.</summary>
    public byte[] Filter { get; set; } = [];

    public ulong BoundingSet { get; set; } = ulong.MaxValue;

    /// <summary>The capabilities that a program has which is not root's; capabilities(7), ambient.</summary>
    public ulong Ambient { get; set; }

    /// <summary>What personality(2) is to be told; 0xffffffff changes nothing.</summary>
    public uint Personality { get; set; } = uint.MaxValue;

    /// <summary>Bit N: <see cref="Limits"/> N is to be set.</summary>
    public uint Limited { get; set; }

    public Libc.rlimit[] Limits { get; } = new Libc.rlimit[Libc.RLIMITS];

    /// <summary>Files of this machine, and after each what to write into it before the target is entered.</summary>
    public List<string> Writes { get; } = [];

    public string Directory { get; set; } = "/";

    /// <summary>The directory of the control group of version 2 to be in; empty where that is ours.</summary>
    public string ControlGroup { get; set; } = "";

    /// <summary>The paths that are tried, in this order.</summary>
    public List<string> Files { get; } = [];

    public List<string> Arguments { get; } = [];

    public List<string> Variables { get; } = [];

    /// <exception cref="EntryException">It is too long, or there is a NUL in it.</exception>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        bytes.SetLength(HeaderSize);
        bytes.Position = HeaderSize;
        Span<byte> word = stackalloc byte[sizeof(uint)];
        foreach (uint group in Groups)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(word, group);
            bytes.Write(word);
        }

        bytes.Write(Filter);
        Write(bytes, Writes);
        Write(bytes, [Directory, ControlGroup]);
        Write(bytes, Files);
        Write(bytes, Arguments);
        Write(bytes, Variables);
        if (bytes.Length > Most || Arguments.Count + Variables.Count > MostWords - 256)
            throw new EntryException($"the command and its environment{(Groups.Length > 1024 ? $", with the {Groups.Length} groups of its user," : "")} are too long: {Most / 1024} KB and {MostWords - 256} words are possible");
        byte[] all = bytes.ToArray();
        WriteHeader(all);
        return all;
    }

    private void WriteHeader(byte[] all)
    {
        int at = HeaderSize - (Libc.RLIMITS * 2 * sizeof(ulong));
        for (int i = 0; i < Libc.RLIMITS; i++, at += 2 * sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(all.AsSpan(at), Limits[i].rlim_cur);
            BinaryPrimitives.WriteUInt64LittleEndian(all.AsSpan(at + sizeof(ulong)), Limits[i].rlim_max);
        }

        ReadOnlySpan<uint> words =
        [
            (uint)all.Length, (uint)Flags, (uint)Namespaces, Limited, (uint)ProcessId, Uid, Gid, Umask,
            (uint)Groups.Length, (uint)Writes.Count / 2, (uint)Files.Count, (uint)Arguments.Count, (uint)Variables.Count, (uint)(Filter.Length / SeccompFile.Instruction),
        ];
        for (at = 0; at < words.Length; at++)
            BinaryPrimitives.WriteUInt32LittleEndian(all.AsSpan(at * sizeof(uint)), words[at]);
        at *= sizeof(uint);
        foreach (ulong word in (ReadOnlySpan<ulong>)[BoundingSet, Ambient, Personality, .. Inodes])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(all.AsSpan(at), word);
            at += sizeof(ulong);
        }
    }

    private static void Write(MemoryStream bytes, IReadOnlyList<string> texts)
    {
        foreach (string text in texts)
        {
            if (text.Contains('\0', StringComparison.Ordinal))
                throw new EntryException("there is a NUL in the command, the directory or the environment; none of them can have one");
            bytes.Write(Encoding.UTF8.GetBytes(text));
            bytes.WriteByte(0);
        }
    }
}
