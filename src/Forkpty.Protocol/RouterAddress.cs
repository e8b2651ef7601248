using System.Diagnostics.CodeAnalysis;

namespace Forkpty.Protocol;

/// <summary>
/// Where a router listens: a UNIX socket (<see cref="UnixAddress"/>), an abstract one (<see cref="AbstractAddress"/>), TCP
/// (<see cref="TcpAddress"/>) or a descriptor that the process was given (<see cref="InheritedAddress"/>).
/// </summary>
/// <remarks>
/// Written as in uWSGI: <c>/run/x.sock</c>, <c>@name</c>, <c>host:port</c>, <c>:port</c> (all interfaces), <c>[::1]:port</c>,
/// <c>fd://N</c>. A text with a colon is TCP unless it begins with <c>/</c> or <c>.</c>, so <c>./a:b</c> is a path.
/// </remarks>
public abstract record RouterAddress
{
    /// <summary>Bytes of a path in <c>sockaddr_un</c> without its final NUL (unix(7)).</summary>
    public const int MaxUnixPathBytes = 107;

    private protected RouterAddress()
    {
    }

    /// <summary>
    /// True where only this machine can reach the address: a UNIX or abstract socket, 127.0.0.0/8, ::1 or <c>localhost</c>.
    /// False for an <see cref="InheritedAddress"/>: ask getsockname(2) what it is bound to.
    /// </summary>
    public abstract bool IsLoopback { get; }

    /// <summary>The address as it is written on a command line; parsing that gives an equal address.</summary>
    public sealed override string ToString() => Text;

    private protected abstract string Text { get; }

    /// <summary>Reads an address.</summary>
    /// <param name="text">The address as a person wrote it.</param>
    /// <param name="address">The address.</param>
    /// <param name="error">Where the answer is false: a sentence that says what is wrong and what is allowed, without a final dot.</param>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out RouterAddress? address, [NotNullWhen(false)] out string? error) =>
        RouterAddressParser.TryParse(text, out address, out error);

    /// <summary>Reads an address that has to be right.</summary>
    /// <exception cref="FormatException">It is not; the message says why.</exception>
    public static RouterAddress Parse(string text) =>
        TryParse(text, out var address, out var error) ? address : throw new FormatException(error);
}
