using Forkpty.Options;
using Forkpty.Protocol;

namespace Forkpty.Commands;

/// <summary>The router that a client's verb is about.</summary>
internal static class ClientAddress
{
    public static RouterAddress Of(Configuration configuration)
    {
        var setting = Setting(configuration);
        return RouterAddress.TryParse(setting.Value, out var address, out var error) ? address : throw setting.Wrong(error);
    }

    /// <summary>The last address that was given, of either mode.</summary>
    public static Setting Setting(Configuration configuration)
    {
        for (var index = configuration.Settings.Count - 1; index >= 0; index--)
        {
            var setting = configuration.Settings[index];
            if (setting.Option == OptionTable.Connect || setting.Option == OptionTable.UwsgiConnect)
                return setting;
        }

        throw new ConfigurationException("the address of a router is missing, as in fpty connect /run/fpty.usocket.");
    }
}
