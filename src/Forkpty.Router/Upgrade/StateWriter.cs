using System.Text;
using Forkpty.Interop;

namespace Forkpty.Upgrade;

/// <summary>
/// Writes what a router is in the middle of into a file in memory, for the executable that goes on with it in the same process: numbers, bytes, and descriptors by
/// their number, which stay open across the exec.
/// </summary>
internal sealed class StateWriter : IDisposable
{
    /// <summary>The form of what is written. An executable that knows another one is not given it.</summary>
    public const int Version = 5;

    private const string Name = "fpty-state";

    /// <summary>Bytes that are collected before they go into the file.</summary>
    private const int Chunk = 64 * 1024;

    private readonly MemoryStream _chunk = new(Chunk);
    private readonly BinaryWriter _writer;
    private readonly List<int> _descriptors = [];

    /// <summary>Makes the file.</summary>
    /// <exception cref="KernelException">There is no memory or descriptor for it.</exception>
    public StateWriter()
    {
        File = MemoryFile.Create(Name);
        _writer = new BinaryWriter(_chunk);
    }

    /// <summary>The file; read from its beginning by <see cref="StateReader"/>.</summary>
    public SafeFd File { get; }

    /// <summary>The descriptors that have to stay open.</summary>
    public IReadOnlyList<int> Descriptors => _descriptors;

    public void Number(long value) => _writer.Write(value);

    public void Flag(bool value) => _writer.Write(value);

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        _writer.Write(bytes.Length);
        Flush(Chunk - Math.Min(Chunk, bytes.Length));
        if (bytes.Length < Chunk)
            _writer.Write(bytes);
        else
            MemoryFile.Write(File, Name, bytes);
    }

    public void Text(string? text)
    {
        Flag(text is not null);
        if (text is not null)
            Bytes(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>A descriptor that goes on; null or a closed one: there is none.</summary>
    public void Descriptor(SafeFd? descriptor)
    {
        int number = descriptor is { IsClosed: false, IsInvalid: false } ? descriptor.Value : -1;
        Number(number);
        if (number >= 0)
            _descriptors.Add(number);
    }

    public void Leader(Leader? leader)
    {
        Number(leader?.Pid ?? 0);
        Flag(leader is { IsStranger: true });
        Descriptor(leader?.Pidfd);
    }

    /// <summary>A program that has ended, for what it has left behind.</summary>
    public void ReapedLeader(Leader? leader)
    {
        Leader(leader);
        Number((long)(leader?.ReapedAt ?? 0));
    }

    public void Size(WindowSize size) => Number(size.Rows | ((long)size.Columns << 16) | ((long)size.PixelWidth << 32) | ((long)size.PixelHeight << 48));

    public void Status(ExitStatus status)
    {
        Number(status.Code ?? -1);
        Number(status.Signal ?? -1);
        Flag(status.CoreDumped);
    }

    /// <summary>Everything has been written.</summary>
    /// <exception cref="KernelException">There is no memory for it.</exception>
    public void Finish() => Flush(0);

    public void Dispose()
    {
        _writer.Dispose();
        File.Dispose();
    }

    private void Flush(int most)
    {
        if (_chunk.Length <= most) return;
        MemoryFile.Write(File, Name, _chunk.GetBuffer().AsSpan(0, (int)_chunk.Length));
        _chunk.SetLength(0);
    }
}
