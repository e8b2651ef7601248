namespace Forkpty.Targets;

/// <summary>A socket of a process, as /proc/PID/net/unix shows it.</summary>
/// <param name="Path">The name that it is bound to.</param>
/// <param name="References">How many hold it: each end of a connection holds the other.</param>
/// <param name="Listens">It waits for connections.</param>
/// <param name="IsConnected">It says that it is connected, though its peer may have gone.</param>
internal readonly record struct UnixSocket(string Path, uint References, bool Listens, bool IsConnected);
