namespace Forkpty.Options;

internal static partial class OptionTable
{
    public static readonly Option Units = ClientFlag("all", [Verb.Ps], "List the services of systemd too, beside containers, machines, pods and jails.", 'a');

    public static readonly Option HangUpOrphans = ClientFlag("hangup", [Verb.Orphans], "Hang up what is listed: SIGHUP, and SIGCONT so that a stopped process hears it.");

    private static readonly Option[] TargetOptions = [Units, HangUpOrphans];
}
