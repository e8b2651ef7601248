using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Forkpty.Protocol;

/// <summary>The grammar of <see cref="RouterAddress"/> and the sentences about what does not fit it.</summary>
internal static class RouterAddressParser
{
    private const string Allowed = "write a path, @name, host:port, :port, [::1]:port or fd://N";

    private static readonly SearchValues<char> NeverInHostName = SearchValues.Create(" \t\r\n/[]@%");
    private static readonly SearchValues<char> InIPv4 = SearchValues.Create("0123456789.");

    public static bool TryParse(
        string? text, [NotNullWhen(true)] out RouterAddress? address, [NotNullWhen(false)] out string? error)
    {
        (address, error) = text switch
        {
            null or "" => Wrong($"the address is empty; {Allowed}"),
            _ when text.Contains('\0', StringComparison.Ordinal) => Wrong($"the address has a NUL character in it; {Allowed}"),
            _ when text[0] is '/' or '.' => Path(text),
            _ when text[0] == '@' => Abstract(text),
            _ when text.StartsWith("fd://", StringComparison.Ordinal) => Inherited(text),
            _ when text[0] == '[' => Bracketed(text),
            _ when text.Contains(':', StringComparison.Ordinal) => HostAndPort(text),
            _ => Path(text),
        };
        return address is not null;
    }

    private static (RouterAddress?, string?) Path(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        return bytes <= RouterAddress.MaxUnixPathBytes
            ? (new UnixAddress(text), null)
            : Wrong($"the path \"{text}\" has {bytes} bytes, and a UNIX socket's path at most {RouterAddress.MaxUnixPathBytes}; "
                + "use a shorter one, or a relative one");
    }

    private static (RouterAddress?, string?) Abstract(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text) - 1;
        return bytes switch
        {
            0 => Wrong("the abstract address \"@\" has no name; write @name"),
            <= RouterAddress.MaxUnixPathBytes => (new AbstractAddress(text[1..]), null),
            _ => Wrong($"the abstract name \"{text}\" has {bytes} bytes after its @, and may have at most "
                + $"{RouterAddress.MaxUnixPathBytes}; use a shorter one"),
        };
    }

    private static (RouterAddress?, string?) Inherited(string text) =>
        int.TryParse(text.AsSpan("fd://".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor)
            ? (new InheritedAddress(descriptor), null)
            : Wrong($"\"{text}\" names no descriptor; write fd:// and a number, such as fd://3");

    private static (RouterAddress?, string?) Bracketed(string text)
    {
        var end = text.IndexOf("]:", StringComparison.Ordinal);
        if (end < 0)
            return Wrong($"\"{text}\" is no IPv6 address and port; write them as [::1]:8000");

        var host = text[1..end];
        if (!IPAddress.TryParse(host, out var numeric) || numeric.AddressFamily != AddressFamily.InterNetworkV6)
            return Wrong($"\"{host}\" in \"{text}\" is no IPv6 address; write one as [::1]:8000");

        return WithPort(text, host, text.AsSpan(end + 2));
    }

    private static (RouterAddress?, string?) HostAndPort(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (text.IndexOf(':', colon + 1) >= 0)
            return Wrong($"\"{text}\" has more than one colon; write an IPv6 address in brackets, as [::1]:8000, and a path with ./ before it");

        var host = text[..colon];
        if (IsNumbersAndDots(host) && !IPAddress.TryParse(host, out _))
            return Wrong($"\"{host}\" in \"{text}\" is no IPv4 address; write four numbers up to 255, as 127.0.0.1:8000");

        if (host.AsSpan().ContainsAny(NeverInHostName))
            return Wrong($"\"{host}\" in \"{text}\" is no host name; write host:port, or a path with ./ before it");

        return WithPort(text, host, text.AsSpan(colon + 1));
    }

    private static (RouterAddress?, string?) WithPort(string text, string host, ReadOnlySpan<char> port) =>
        ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (new TcpAddress(host, number), null)
            : Wrong($"\"{port}\" in \"{text}\" is no port; write a number up to 65535");

    private static bool IsNumbersAndDots(string host) => host.Length > 0 && !host.AsSpan().ContainsAnyExcept(InIPv4);

    private static (RouterAddress?, string?) Wrong(string sentence) => (null, sentence);
}
