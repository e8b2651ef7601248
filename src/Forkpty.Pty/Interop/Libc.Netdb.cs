using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// netdb.h
internal static unsafe partial class Libc
{
    /// <summary>struct addrinfo of glibc and musl on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct addrinfo
    {
        public int ai_flags;
        public int ai_family;
        public int ai_socktype;
        public int ai_protocol;
        public uint ai_addrlen;
        public nint ai_addr;
        public nint ai_canonname;
        public addrinfo* ai_next;
    }

    /// <summary>
    /// The TCP addresses of a name, best first, as the bytes of their sockaddr. The result is 0 or one of the EAI_ numbers,
    /// which are no errno; getaddrinfo(3).
    /// </summary>
    public static int getaddrinfo(string host, string port, out byte[][] addresses)
    {
        addrinfo hints = new() { ai_socktype = SOCK_STREAM };
        addrinfo* first = null;
        addresses = [];
        int result = _getaddrinfo(host, port, &hints, &first);
        if (result != 0) return result;

        List<byte[]> found = [];
        for (addrinfo* each = first; each != null; each = each->ai_next)
            found.Add(new ReadOnlySpan<byte>((byte*)each->ai_addr, (int)each->ai_addrlen).ToArray());
        _freeaddrinfo(first);
        addresses = [.. found];
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "getaddrinfo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _getaddrinfo(string node, string service, addrinfo* hints, addrinfo** result);

    [LibraryImport("libc", EntryPoint = "freeaddrinfo")]
    private static partial void _freeaddrinfo(addrinfo* first);
}
