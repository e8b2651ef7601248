using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Forkpty.Protocol;

/// <summary>The bytes of a struct sockaddr for bind(2) and connect(2), as Linux lays it out.</summary>
internal static class SocketAddresses
{
    /// <summary>Linux's numbers of the address families: .NET's own differ for IPv6.</summary>
    public const ushort Unix = 1;
    public const ushort Internet = 2;
    public const ushort Internet6 = 10;

    /// <summary>
    /// What an address stands for, in the order to try: a path or a numeric host is one, an abstract name its own spelling and then uWSGI's, <c>localhost</c> 127.0.0.1
    /// and then ::1. Nothing for a host that has to be resolved first, and for a descriptor.
    /// </summary>
    public static IReadOnlyList<byte[]> Of(RouterAddress address) => address switch
    {
        UnixAddress unix => [UnixPath(unix.Path)],
        AbstractAddress name => OfAbstract(Encoding.UTF8.GetBytes(name.Name)),
        TcpAddress { Numeric: { } host } tcp when string.Equals(tcp.Host, "localhost", StringComparison.OrdinalIgnoreCase) =>
            [OfInternet(host, tcp.Port), OfInternet(IPAddress.IPv6Loopback, tcp.Port)],
        TcpAddress { Numeric: { } host } tcp => [OfInternet(host, tcp.Port)],
        _ => [],
    };

    /// <summary>A UNIX socket at a path; unix(7).</summary>
    public static byte[] UnixPath(string path) => [.. Family(Unix), .. Encoding.UTF8.GetBytes(path), 0];

    /// <summary>
    /// A name in the abstract namespace is a NUL and the name, all that the length counts; unix(7). uWSGI counts a NUL at the end as well, which makes it another name;
    /// the longest possible name has no room for that.
    /// </summary>
    private static IReadOnlyList<byte[]> OfAbstract(byte[] name)
    {
        byte[] own = [.. Family(Unix), 0, .. name];
        return name.Length < RouterAddress.MaxUnixPathBytes ? [own, [.. own, 0]] : [own];
    }

    /// <summary>A TCP address; ip(7), ipv6(7).</summary>
    private static byte[] OfInternet(IPAddress host, int port)
    {
        bool v6 = host.AddressFamily == AddressFamily.InterNetworkV6;
        byte[] address = new byte[v6 ? 28 : 16];
        Family(v6 ? Internet6 : Internet).CopyTo(address, 0);
        BinaryPrimitives.WriteUInt16BigEndian(address.AsSpan(2), (ushort)port);
        host.TryWriteBytes(address.AsSpan(v6 ? 8 : 4), out _);
        if (v6)
            BitConverter.TryWriteBytes(address.AsSpan(24), (uint)host.ScopeId);
        return address;
    }

    private static byte[] Family(ushort number) => BitConverter.GetBytes(number);
}
