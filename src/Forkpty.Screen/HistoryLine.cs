namespace Forkpty.Screen;

/// <summary>A packed line, and whether the one before it went on in it.</summary>
internal readonly record struct HistoryLine(ReadOnlyMemory<byte> Packed, bool Wrapped);
