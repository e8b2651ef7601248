namespace Forkpty.Targets;

/// <summary>The kubelet keeps a link to each container's log, and its name tells whose it is: POD_NAMESPACE_CONTAINER-ID.log in /var/log/containers.</summary>
internal sealed class PodLogs(HostFiles files)
{
    private const int IdLength = 64;

    private readonly Dictionary<string, string> _names = [];
    private bool _isRead;

    /// <summary>NAMESPACE/POD/CONTAINER of an id; the id itself where no log tells.</summary>
    public string Name(string id)
    {
        if (!_isRead)
        {
            _isRead = true;
            foreach (string file in files.Names("/var/log/containers"))
                Read(file);
        }

        return _names.GetValueOrDefault(id, id);
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
