namespace Forkpty.Targets;

/// <summary>
/// The kubelet keeps a link to each container's log, and its name tells whose it is: POD_NAMESPACE_CONTAINER-ID.log in /var/log/containers. The log itself is in
/// /var/log/pods/NAMESPACE_POD_UID/CONTAINER, which tells no id; but the pod's control group has its UID.
/// </summary>
internal sealed class PodLogs(HostFiles files, HostProcesses processes)
{
    private const int IdLength = 64;

    private const string Pods = "/var/log/pods";

    private readonly Dictionary<string, string> _names = [];
    private List<string>? _pods;

    /// <summary>NAMESPACE/POD/CONTAINER of an id; NAMESPACE/POD/ID where logs tell of the pod alone, and the id itself where none does.</summary>
    /// <param name="id">The container's id.</param>
    /// <param name="group">Its control group.</param>
    /// <param name="pid">Its first process, the first time that it is asked for.</param>
    public string Name(string id, string group, int pid)
    {
        if (_pods is null)
        {
            _pods = files.Names(Pods);
            foreach (string file in files.Names("/var/log/containers"))
                Read(file);
        }

        if (!_names.TryGetValue(id, out string? name))
            _names[id] = name = OfPod(id, UidOf(group), pid) ?? id;
        return name;
    }

    /// <summary>The id in a part of a control group's name: <c>cri-containerd-ID.scope</c>, <c>crio-ID.scope</c>, <c>ID</c>.</summary>
    public static string? IdOf(string part)
    {
        ReadOnlySpan<char> id = part.EndsWith(".scope", StringComparison.Ordinal) ? part.AsSpan(0, part.Length - ".scope".Length) : part;
        id = id[(id.LastIndexOf('-') + 1)..];
        if (id.Length != IdLength) return null;
        foreach (char digit in id)
        {
            if (!char.IsAsciiHexDigitLower(digit)) return null;
        }

        return id.ToString();
    }

    /// <summary>A pod's sandbox has no log. Of several containers that have, nothing tells whose the id is.</summary>
    private string? OfPod(string id, string uid, int pid)
    {
        if (uid.Length == 0 || _pods!.Find(name => name.EndsWith($"_{uid}", StringComparison.Ordinal))?.Split('_') is not [var space, var pod, _])
            return null;
        bool isSandbox = processes.Name(pid) is "pause" or "pod"; // OpenShift's is called pod
        return $"{space}/{pod}/{(isSandbox ? "sandbox" : files.Names($"{Pods}/{space}_{pod}_{uid}") is [var only] ? only : id)}";
    }

    /// <summary>Of <c>podUID</c>, or <c>kubepods-burstable-podUID.slice</c>, where systemd wants no other dashes. The innermost counts.</summary>
    private static string UidOf(string group)
    {
        string uid = "";
        foreach (string part in group.Split('/'))
        {
            int at = part.IndexOf("-pod", StringComparison.Ordinal) + 1;
            if (part.AsSpan(at).StartsWith("pod", StringComparison.Ordinal))
                uid = part[(at + 3)..].Replace(".slice", "", StringComparison.Ordinal).Replace('_', '-');
        }

        return uid;
    }

    private void Read(string file)
    {
        const string ending = ".log";
        if (file.Length <= IdLength + ending.Length + 1 || !file.EndsWith(ending, StringComparison.Ordinal)) return;
        string id = file[^(IdLength + ending.Length)..^ending.Length];
        string[] parts = file[..^(IdLength + ending.Length + 1)].Split('_');
        if (parts.Length == 3)
            _names[id] = $"{parts[1]}/{parts[0]}/{parts[2]}";
    }
}
