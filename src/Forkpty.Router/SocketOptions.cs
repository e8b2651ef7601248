using Forkpty.Protocol;

namespace Forkpty;

/// <summary>How a router's sockets are bound.</summary>
public sealed record SocketOptions
{
    /// <summary>
    /// Connections that wait to be accepted, before further ones are refused; listen(2). Null for 100, and where the socket is somebody else's (<see cref="InheritedAddress"/>) for as many as the
    /// kernel allows on a UNIX socket, and as many as its owner has said on a TCP one.
    /// </summary>
    public int? Backlog { get; init; }

    /// <summary>Permission bits of a UNIX socket, set before it has a name; null for 0600, owner only.</summary>
    public int? Mode { get; init; }

    /// <summary>Owner of a UNIX socket; null for whom the process runs as.</summary>
    public uint? Uid { get; init; }

    /// <summary>Group of a UNIX socket; null for that of the process.</summary>
    public uint? Gid { get; init; }

    /// <summary>Whether TCP addresses that other machines can reach are allowed. There is no authentication: whoever connects has a shell.</summary>
    public bool AllowInsecureTcp { get; init; }
}
