namespace Forkpty.Targets;

// Containers that are there and do not run.
public sealed partial class Host
{
    /// <summary>For a name that nothing has that runs: the sentence of a container that has it, with how it is started; null where the runtimes' files tell of none.</summary>
    internal string? Stopped(string name)
    {
        (TargetKind? kind, string rest) = TargetName.Parse(name);
        foreach (Clue clue in ContainerClues.All(_files, stopped: true))
        {
            // Of what other users write nobody is told how to start it: as root he would start something else.
            var target = new Target(clue.Kind, clue.Name, clue.ProcessId, 0) { Id = clue.Id };
            if (IsOf(target, kind) && (clue.Owner == 0 || clue.Owner == Caller.UserId) && (TargetName.Fits(rest, target) || TargetName.BeginsId(rest, target)) && Confirm(clue) is null)
                return $"{Readable.Of(name)}: {Readable.Of(target.FullName)} is there, but does not run; start it {ToStart(target)}";
        }

        return null;
    }

    private static string ToStart(Target target)
    {
        (string runtime, string name) = (TargetName.Prefix(target.Kind), Readable.Of(target.Name));
        return target.Kind switch
        {
            TargetKind.Docker or TargetKind.Podman => $"with {runtime} start {name}",
            TargetKind.Runc or TargetKind.Crun => $"anew with {runtime} delete {name} and then, in the directory of its bundle, {runtime} run {name}",
            TargetKind.Machine => $"with machinectl start {name}",
            _ => "with its runtime",
        };
    }
}
