namespace Forkpty.Interop;

/// <summary>A line of /etc/passwd; passwd(5). The shell of one that names none is /bin/sh.</summary>
internal sealed record User(string Name, uint Uid, uint Gid, string Home, string Shell);
