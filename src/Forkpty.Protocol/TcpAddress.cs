using System.Globalization;
using System.Net;

namespace Forkpty.Protocol;

/// <summary>A TCP port on one or all addresses of a host.</summary>
public sealed record TcpAddress : RouterAddress
{
    internal TcpAddress(string host, int port)
    {
        Host = host;
        Port = port;
    }

    /// <summary>
    /// A numeric address (IPv6 without its brackets), a name that whoever connects or listens has to resolve, or empty:
    /// all interfaces for a router, this machine for a client.
    /// </summary>
    public string Host { get; }

    /// <summary>The port, 0 to 65,535. With 0 a router listens on a free one, and nobody can connect.</summary>
    public int Port { get; }

    /// <summary>The numeric address: of <c>localhost</c> 127.0.0.1, of an empty host 0.0.0.0, of any other name null.</summary>
    public IPAddress? Numeric => Host switch
    {
        "" => IPAddress.Any,
        _ when string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase) => IPAddress.Loopback,
        _ => IPAddress.TryParse(Host, out var numeric) ? numeric : null,
    };

    /// <inheritdoc/>
    public override bool IsLoopback => Numeric is { } numeric && IPAddress.IsLoopback(numeric);

    private protected override string Text => Host.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
