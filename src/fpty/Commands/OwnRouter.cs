using Forkpty.Client;
using Forkpty.Options;
using Forkpty.Protocol;

namespace Forkpty.Commands;

/// <summary>The router that is meant where no address is given: it may not run, which is no fault of who looks for something else as well.</summary>
internal static class OwnRouter
{
    /// <summary>Whether its socket is there.</summary>
    public static bool IsThere(Configuration configuration) =>
        configuration.Has(OptionTable.UwsgiConnect) && File.Exists(ClientAddress.Of(configuration).ToString());

    /// <summary>Its sessions; null where it is not there, or does not tell.</summary>
    /// <param name="configuration">Where its address is from.</param>
    /// <param name="refusal">Why it does not tell; null where it is not there.</param>
    public static IReadOnlyList<SessionInfo>? TryList(Configuration configuration, out string? refusal)
    {
        refusal = null;
        if (!IsThere(configuration)) return null;
        try
        {
            using RouterControl router = RouterControl.Open(ClientAddress.Of(configuration));
            return router.List();
        }
        catch (RouterException refused)
        {
            refusal = refused.Message;
            return null;
        }
    }
}
