using System.Globalization;
using Forkpty.Interop;
using Forkpty.Jail;
using Forkpty.Protocol;

namespace Forkpty.Serving;

/// <summary>
/// Where a router listens that is told nothing, so that a person on one machine types no address: in the user's own runtime directory, and for root in /run/fpty.
/// </summary>
internal static class DefaultAddress
{
    /// <summary>The end of a sentence for who has no such directory.</summary>
    public const string Missing = "the address of a router is missing, and without XDG_RUNTIME_DIR there is no default one; give it, as in fpty connect /run/fpty.usocket.";

    private const string OfRoot = "/run/fpty";
    private const string Socket = "router.socket";
    private const int OthersMayWrite = 0x12; // 022

    private static bool IsRoot => Libc.geteuid() == 0;

    /// <summary>The address that a client takes: of the user's own router, or where he has none, of root's. Null where there can be none.</summary>
    public static string? ForClient()
    {
        string? own = Home();
        string shared = $"{OfRoot}/{Socket}";
        if (own is null) return Exists(shared) ? shared : null;
        return !Exists($"{own}/{Socket}") && Exists(shared) ? shared : $"{own}/{Socket}";
    }

    /// <summary>Whether it is that of the user's own router, and not root's.</summary>
    public static bool IsOwn(string address) => Home() is { } own && address == $"{own}/{Socket}";

    /// <summary>The address that a router takes. Its directory is made, and must be nobody else's: who could write to it could take the router's place.</summary>
    /// <exception cref="JailException">There can be none, or the directory is not safe.</exception>
    public static RouterAddress ForRouter()
    {
        string directory = Home() ?? throw new JailException("there is nothing to serve, and without XDG_RUNTIME_DIR no default address; give one, as in fpty serve --forkpty-urouter /run/fpty.usocket");
        int made = Libc.mkdir(directory, IsRoot ? 0x1EDu /* 0755 */ : 0x1C0u /* 0700 */);
        if (made < 0 && made != -(int)Errno.EEXIST)
            throw new JailException($"cannot make the directory {directory} for the router's socket: mkdir: {KernelException.Describe(made)}; give an address, as in fpty serve --forkpty-urouter /run/fpty.usocket");

        string? wrong =
            Libc.lstat(directory, out Libc.FileState state) < 0 ? "it cannot be looked at"
            : (state.Mode & Libc.S_IFMT) != Libc.S_IFDIR ? "it is no directory"
            : state.Uid != Libc.geteuid() ? $"it belongs to user {state.Uid}"
            : (state.Mode & OthersMayWrite) != 0 ? "others may write to it"
            : null;
        if (wrong is not null)
            throw new JailException($"refused to put the router's socket into {directory}: {wrong}; remove it, or give an address of your own");
        return RouterAddress.TryParse($"{directory}/{Socket}", out RouterAddress? address, out string? error) ? address : throw new JailException(error);
    }

    private static string? Home()
    {
        if (IsRoot) return OfRoot;
        string? runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        if (string.IsNullOrEmpty(runtime) || !Path.IsPathRooted(runtime))
        {
            runtime = string.Create(CultureInfo.InvariantCulture, $"/run/user/{Libc.geteuid()}");
            if (!Directory.Exists(runtime)) return null;
        }

        return $"{runtime.TrimEnd('/')}/fpty";
    }

    private static bool Exists(string path) => Libc.lstat(path, out Libc.FileState state) >= 0 && (state.Mode & Libc.S_IFMT) == Libc.S_IFSOCK;
}
