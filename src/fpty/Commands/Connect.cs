using Forkpty.Client;
using Forkpty.Options;
using Forkpty.Protocol;

namespace Forkpty.Commands;

/// <summary><c>fpty connect ADDRESS [--raw]</c>, <c>--pty-connect ADDRESS</c>, <c>--pty-uconnect ADDRESS</c>: this terminal on a router.</summary>
internal static class Connect
{
    /// <returns>0, 254 (connection lost), 255 (could not connect), or 128 + N where signal N ended the client.</returns>
    public static int Run(CommandLine line)
    {
        var setting = AddressOf(line.Configuration);
        if (!RouterAddress.TryParse(setting.Value, out var address, out var error))
            throw setting.Wrong(error);

        var mode = setting.Option == OptionTable.Connect ? WireMode.Raw : WireMode.Uwsgi;
        return Run(new TerminalClientOptions(address, mode) { Escape = EscapeOf(line.Configuration) });
    }

    /// <summary>For a command that has an address of its own.</summary>
    public static int Run(TerminalClientOptions options)
    {
        var outcome = TerminalClient.Run(options);
        if (outcome.Sentence is not null)
            Screen.WriteError($"fpty: {outcome.Sentence}\n");
        return outcome.ExitStatus;
    }

    /// <summary>The last address that was given, of either mode.</summary>
    private static Setting AddressOf(Configuration configuration)
    {
        for (var index = configuration.Settings.Count - 1; index >= 0; index--)
        {
            var setting = configuration.Settings[index];
            if (setting.Option == OptionTable.Connect || setting.Option == OptionTable.UwsgiConnect)
                return setting;
        }

        throw new ConfigurationException("connect: the address of a router is missing, as in fpty connect /run/fpty.usocket.");
    }

    private static EscapeKey EscapeOf(Configuration configuration)
    {
        if (configuration.Find(OptionTable.Escape) is not { } setting)
            return EscapeKey.Default;
        return EscapeKey.TryParse(setting.Value, out var key, out var error) ? key : throw setting.Wrong(error);
    }
}
