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
        (TargetKind kind, string name, string image) =
            KubernetesName(state) is { } pod ? (TargetKind.Kubernetes, pod, state.Label("io.kubernetes.cri.image-name") ?? state.Label("io.kubernetes.cri-o.ImageName") ?? "")
            : named is not null ? (named.Kind, named.Name, named.Image)
            : state.Label("io.container.manager") == "libpod" ? (TargetKind.Podman, state.Id, "")
            : state.Place.Path.EndsWith("/moby", StringComparison.Ordinal) ? (TargetKind.Docker, state.Id, "")
            : (state.IsCrun ? TargetKind.Crun : TargetKind.Runc, state.Label("nerdctl/name") ?? state.Id, "");
        return new Clue(kind, name, state.ProcessId)
        {
            Id = state.Id,
            Image = image.Length > 0 ? image : state.Root,
            Start = state.Start,
            Owner = state.Owner,
        };
    }

    /// <summary>NAMESPACE/POD/CONTAINER, as containerd's and CRI-O's annotations tell; the container that only holds a pod's namespaces is called sandbox.</summary>
    private static string? KubernetesName(RuntimeState state)
    {
        if (state.Label("io.kubernetes.cri.sandbox-name") is { } pod)
        {
            string container = state.Label("io.kubernetes.cri.container-type") == "sandbox" ? "sandbox" : state.Label("io.kubernetes.cri.container-name") ?? state.Id;
            return $"{state.Label("io.kubernetes.cri.sandbox-namespace") ?? "default"}/{pod}/{container}";
        }

        if (state.Label("io.container.manager") != "cri-o" || state.Label("io.kubernetes.pod.name") is not { } name)
            return null;
        string inner = state.Label("io.kubernetes.cri-o.ContainerType") == "sandbox" ? "sandbox" : state.Label("io.kubernetes.container.name") ?? state.Id;
        return $"{state.Label("io.kubernetes.pod.namespace") ?? "default"}/{name}/{inner}";
    }
}
