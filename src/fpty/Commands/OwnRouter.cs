using Forkpty.Client;
using Forkpty.Interop;
using Forkpty.Options;
using Forkpty.Protocol;
using Forkpty.Serving;

namespace Forkpty.Commands;

/// <summary>The router that is meant where no address is given: it may not run, which is no fault of who looks for something else as well.</summary>
internal static class OwnRouter
{
    /// <summary>Whether its socket is there.</summary>
    public static bool IsThere(Configuration configuration) => File.Exists(PathOf(configuration));

    /// <summary>Says what to do where nothing was typed that could be wrong.</summary>
    /// <exception cref="RouterException">It is meant, and does not run.</exception>
    public static void Require(Configuration configuration)
    {
        string address = ClientAddress.Setting(configuration).Value;
        if (address == DefaultAddress.ForClient() && Libc.lstat(address, out _) == -(int)Errno.ENOENT)
            throw new RouterException($"no router runs at {address}; start one: fpty serve");
    }

    /// <summary>Its sessions; null where it is not there, or does not tell.</summary>
    /// <param name="configuration">Where its address is from.</param>
    /// <param name="refusal">Why it does not tell; null where it is not there.</param>
    public static IReadOnlyList<SessionInfo>? TryList(Configuration configuration, out string? refusal)
    {
        refusal = null;
        if (!IsThere(configuration)) return null;
        try
        {
            using RouterControl router = RouterControl.Open(RouterAddress.Parse(PathOf(configuration)!));
            return router.List();
        }
        catch (RouterException refused)
        {
            refusal = refused.Message;
            return null;
        }
    }

    private static string? PathOf(Configuration configuration) =>
        configuration.Has(OptionTable.UwsgiConnect) ? ClientAddress.Of(configuration).ToString() : DefaultAddress.ForClient();
}
