using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Forkpty.Interop;

/// <summary>The bytes of a struct sockaddr for bind(2) and connect(2).</summary>
internal static class SocketAddresses
{
    /// <summary>sun_path has room for 108 bytes, the last of which is the terminating NUL of a path.</summary>
    public const int MaxPathBytes = 107;

    /// <summary>A UNIX socket at a path; unix(7).</summary>
    public static byte[] UnixPath(string path)
    {
        byte[] address = new byte[2 + Encoding.UTF8.GetByteCount(path) + 1];
        BitConverter.TryWriteBytes(address, (ushort)Libc.AF_UNIX);
        Encoding.UTF8.GetBytes(path, address.AsSpan(2));
        return address;
    }

    /// <summary>A UNIX socket in the abstract namespace: a NUL, then the name, no NUL at its end; unix(7).</summary>
    public static byte[] UnixAbstract(string name)
    {
        byte[] address = new byte[2 + 1 + Encoding.UTF8.GetByteCount(name)];
        BitConverter.TryWriteBytes(address, (ushort)Libc.AF_UNIX);
        Encoding.UTF8.GetBytes(name, address.AsSpan(3));
        return address;
    }

    /// <summary>The same as uWSGI binds and connects it: a NUL counts to the end of the name, which makes it another name.</summary>
    public static byte[] UnixAbstractOfUwsgi(string name) => [.. UnixAbstract(name), 0];

    /// <summary>A TCP address; ip(7), ipv6(7).</summary>
    public static byte[] Internet(IPAddress host, int port)
    {
        bool v6 = host.AddressFamily == AddressFamily.InterNetworkV6;
        byte[] address = new byte[v6 ? 28 : 16];
        BitConverter.TryWriteBytes(address, (ushort)(v6 ? Libc.AF_INET6 : Libc.AF_INET));
        BinaryPrimitives.WriteUInt16BigEndian(address.AsSpan(2), (ushort)port);
        host.TryWriteBytes(address.AsSpan(v6 ? 8 : 4), out _);
        if (v6)
            BitConverter.TryWriteBytes(address.AsSpan(24), (uint)host.ScopeId);
        return address;
    }
}
