using Forkpty.Jail;
using Forkpty.Options;

namespace Forkpty.Serving;

/// <summary>The jail's options, from the configuration.</summary>
internal static class JailSettings
{
    public static JailOptions From(Configuration configuration) => new()
    {
        Umask = (uint?)configuration.Mode(OptionTable.Umask),
        MaxFd = (ulong?)configuration.Number(OptionTable.MaxFiles),
        ProcessName = configuration.Text(OptionTable.ProcessName),
        Environment = configuration.All(OptionTable.Environment),
        ExecPreJail = Hooks(configuration, OptionTable.ExecAsap, OptionTable.ExecPreJail),
        Unshare = configuration.Words(OptionTable.Unshare).Select(NamespaceNames.Parse).Aggregate(Namespaces.None, (all, one) => all | one),
        ExecPostJail = Hooks(configuration, OptionTable.ExecPostJail),
        Chroot = configuration.Text(OptionTable.Chroot),
        ExecAsRoot = Hooks(configuration, OptionTable.ExecInJail, OptionTable.ExecAsRoot),
        User = configuration.Text(OptionTable.User),
        Group = configuration.Text(OptionTable.Group),
        AddGroups = configuration.All(OptionTable.AddGroup),
        NoInitGroups = configuration.Flag(OptionTable.NoInitGroups),
        ExecAsUser = Hooks(configuration, OptionTable.ExecAsUser),
        Chdir = configuration.Text(OptionTable.Chdir),
    };

    private static List<Hook> Hooks(Configuration configuration, params Option[] options)
    {
        List<Hook> hooks = [];
        foreach (Option option in options)
        {
            foreach (string command in configuration.All(option))
                hooks.Add(new Hook(option.Name, command));
        }

        return hooks;
    }
}
