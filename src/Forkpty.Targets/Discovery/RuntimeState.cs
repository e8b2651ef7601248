using System.Globalization;

namespace Forkpty.Targets;

/// <summary>One container as runc (state.json) or crun (status, config.json) describes it.</summary>
internal sealed class RuntimeState
{
    /// <summary>The annotations that anybody asks for.</summary>
    private static readonly HashSet<string> Wanted =
    [
        "nerdctl/name", "io.container.manager",
        "io.kubernetes.cri.sandbox-name", "io.kubernetes.cri.sandbox-namespace", "io.kubernetes.cri.container-name", "io.kubernetes.cri.container-type", "io.kubernetes.cri.image-name",
        "io.kubernetes.pod.name", "io.kubernetes.pod.namespace", "io.kubernetes.container.name", "io.kubernetes.cri-o.ContainerType", "io.kubernetes.cri-o.ImageName",
    ];

    private readonly Dictionary<string, string> _labels = [];

    private RuntimeState(Place place, string id) => (Place, Id) = (place, id);

    /// <summary>The directory of all containers of this runtime: those of Docker have one of their own.</summary>
    public Place Place { get; }

    public string Id { get; }

    public bool IsCrun { get; private init; }

    public int ProcessId { get; private set; }

    public ulong Start { get; private set; }

    public uint Owner { get; private set; }

    public string Root { get; private set; } = "";

    /// <summary>An annotation of the container, as who had it made wrote it; null where it has none of that name.</summary>
    public string? Label(string name) => _labels.GetValueOrDefault(name);

    /// <summary>Every container that can be read and may run. One whose file is broken, or just being written, is left out.</summary>
    public static IEnumerable<RuntimeState> All(HostFiles files, Places places)
    {
        foreach (string runtime in (string[])["runc", "crun"])
        {
            foreach (Place place in places.Of(runtime))
            {
                foreach (string id in files.Names(place))
                {
                    if (Read(files, place, id, runtime == "crun") is { ProcessId: > 0, Start: > 0 } state)
                        yield return state;
                }
            }
        }
    }

    /// <summary>Whether the name or id of a container begins so. Only directories are listed, and nothing is read: Docker and Podman keep a chosen name within a file.</summary>
    public static bool IsAnyNamed(HostFiles files, string beginning)
    {
        foreach (Place place in new Places(files).OfAll())
        {
            if (files.Names(place).Exists(name => name.StartsWith(beginning, StringComparison.Ordinal)))
                return true;
        }

        return false;
    }

    /// <summary>One of them; null where its file is not there, or broken.</summary>
    public static RuntimeState? Read(HostFiles files, Place place, string id, bool isCrun)
    {
        var state = new RuntimeState(place, id) { IsCrun = isCrun };
        if (files.Text(place.Below($"{id}/{(isCrun ? "status" : "state.json")}"), HostFiles.MaxState, out uint owner) is not { } text)
            return null;
        state.Owner = owner;
        if (!StateText.Read(text, state.Take))
            return null;
        if (isCrun && files.Text(place.Below($"{id}/config.json")) is { } config)
            StateText.Read(config, state.TakeAnnotation);
        return state;
    }

    private void Take(string way, string? value)
    {
        switch (way)
        {
            case "init_process_pid" or "pid": // pid has 0 where it has ended
                ProcessId = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : 0;
                break;
            case "init_process_start" or "process-start-time":
                Start = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong start) ? start : 0;
                break;
            case "config.rootfs" or "rootfs":
                Root = value ?? "";
                break;
            case "config.labels[]" when value?.IndexOf('=', StringComparison.Ordinal) is > 0 and int equals: // runc writes annotations so
                Keep(value[..equals], value[(equals + 1)..]);
                break;
        }
    }

    private void TakeAnnotation(string way, string? value)
    {
        const string annotations = "annotations.";
        if (value is not null && way.StartsWith(annotations, StringComparison.Ordinal))
            Keep(way[annotations.Length..], value);
    }

    private void Keep(string label, string value)
    {
        if (Wanted.Contains(label))
            _labels[label] = value;
    }
}
