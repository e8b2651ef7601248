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
        ExecPreJail = [.. configuration.All(OptionTable.ExecAsap), .. configuration.All(OptionTable.ExecPreJail)],
        Unshare = configuration.Words(OptionTable.Unshare).Select(NamespaceNames.Parse).Aggregate(Namespaces.None, (all, one) => all | one),
        ExecPostJail = configuration.All(OptionTable.ExecPostJail),
        Chroot = configuration.Text(OptionTable.Chroot),
        ExecAsRoot = [.. configuration.All(OptionTable.ExecInJail), .. configuration.All(OptionTable.ExecAsRoot)],
        User = configuration.Text(OptionTable.User),
        Group = configuration.Text(OptionTable.Group),
        AddGroups = configuration.All(OptionTable.AddGroup),
        NoInitGroups = configuration.Flag(OptionTable.NoInitGroups),
        ExecAsUser = configuration.All(OptionTable.ExecAsUser),
        Chdir = configuration.Text(OptionTable.Chdir),
    };
}
