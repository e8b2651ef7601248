namespace Forkpty.Targets;

/// <summary>The containers of runc, crun, Docker, Podman and Kubernetes, by the state that their runtimes keep.</summary>
internal static class ContainerClues
{
    /// <param name="files">The host.</param>
    /// <param name="stopped">Whether those that Docker and Podman know and do not run are wanted too.</param>
    public static List<Clue> All(HostFiles files, bool stopped = false)
    {
        var found = new List<Clue>();
        var places = new Places(files);
        var names = new ContainerNames(files, places);
        foreach (RuntimeState state in RuntimeState.All(files, places))
            found.Add(Of(state, names.Find(state.Id, state.Owner)));

        // What a runtime of another name runs, or with its state elsewhere.
        foreach (Clue named in names.All)
        {
            if (stopped || named.ProcessId > 0)
                found.Add(named);
        }

        foreach (string name in files.Names("/run/systemd/machines"))
        {
            if (MachineFile.Read(files, name) is { } machine)
                found.Add(machine);
        }

        return found;
    }

    private static Clue Of(RuntimeState state, Clue? named)
    {
        // Annotations may be the image's (Podman copies those of its manifest): each is believed where the runtime that means something by it keeps its state, or has left its mark over any other.
        string? manager = state.Label("io.container.manager");
        (TargetKind kind, string name, string image) =
            manager == "cri-o" && CrioName(state) is { } crio ? (TargetKind.Kubernetes, crio, state.Label("io.kubernetes.cri-o.ImageName") ?? "")
            : named is not null ? (named.Kind, named.Name, named.Image)
            : manager == "libpod" ? (TargetKind.Podman, state.Id, "")
            : state.Place.Path.EndsWith("/moby", StringComparison.Ordinal) ? (TargetKind.Docker, state.Id, "")
            : state.Place.Path == Places.OfPods && ContainerdName(state) is { } pod ? (TargetKind.Kubernetes, pod, state.Label("io.kubernetes.cri.image-name") ?? "")
            : (state.IsCrun ? TargetKind.Crun : TargetKind.Runc, (state.Place.Path.StartsWith(Places.OfContainerd, StringComparison.Ordinal) ? state.Label("nerdctl/name") : null) ?? state.Id, "");
        return new Clue(kind, name, state.ProcessId)
        {
            Id = state.Id,
            Image = image.Length > 0 ? image : state.Root,
            Start = state.Start,
            Owner = state.Owner,
        };
    }

    private static string? ContainerdName(RuntimeState state) =>
        KubernetesName(state, "io.kubernetes.cri.sandbox-namespace", "io.kubernetes.cri.sandbox-name", "io.kubernetes.cri.container-type", "io.kubernetes.cri.container-name");

    private static string? CrioName(RuntimeState state) =>
        KubernetesName(state, "io.kubernetes.pod.namespace", "io.kubernetes.pod.name", "io.kubernetes.cri-o.ContainerType", "io.kubernetes.container.name");

    /// <summary>NAMESPACE/POD/CONTAINER, as annotations tell; the container that only holds a pod's namespaces is called sandbox. Null where they tell of no pod.</summary>
    private static string? KubernetesName(RuntimeState state, string space, string pod, string type, string container) =>
        state.Label(pod) is { } name ? $"{state.Label(space) ?? "default"}/{name}/{(state.Label(type) == "sandbox" ? "sandbox" : state.Label(container) ?? state.Id)}" : null;
}
