using System.Globalization;
using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>Where runtimes keep their state: the machine's, the caller's own, and for root that of every user who has some.</summary>
internal sealed class Places
{
    private readonly HostFiles _files;
    private readonly List<(string Runtime, string? Home)> _users = [];

    public Places(HostFiles files)
    {
        _files = files;
        if (files.Root.Length == 0 && Libc.geteuid() != 0)
        {
            string own = string.Create(CultureInfo.InvariantCulture, $"/run/user/{Libc.geteuid()}");
            _users.Add((Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is ['/', ..] given ? given.TrimEnd('/') : own, Environment.GetEnvironmentVariable("HOME")));
            return;
        }

        List<string> uids = files.Names("/run/user");
        Accounts? accounts = uids.Count > 0 ? ReadUsers(files.Root) : null;
        foreach (string uid in uids)
            _users.Add(($"/run/user/{uid}", Accounts.Number(uid) is { } number ? accounts?.FindUser(number)?.Home : null));
    }

    /// <summary>The directories in which runc or crun have one for each container.</summary>
    public IEnumerable<string> Of(string runtime)
    {
        yield return $"/run/{runtime}";
        if (runtime == "runc")
        {
            yield return "/run/docker/runtime-runc/moby";
            yield return "/run/docker/runtime-runc/moby-plugins";
            foreach (string space in _files.Names("/run/containerd/runc"))
                yield return $"/run/containerd/runc/{space}";
        }

        foreach ((string run, _) in _users)
        {
            yield return $"{run}/{runtime}";
            if (runtime == "runc")
                yield return $"{run}/docker/runtime-runc/moby";
        }
    }

    /// <summary>Where Docker describes its containers.</summary>
    public IEnumerable<string> OfDocker()
    {
        yield return "/var/lib/docker/containers";
        foreach ((_, string? home) in _users)
        {
            if (home is ['/', ..])
                yield return $"{home}/.local/share/docker/containers";
        }
    }

    /// <summary>Where Podman (or CRI-O) describes its containers, and where it keeps what is true until the next boot.</summary>
    public IEnumerable<(string Storage, string Run)> OfPodman()
    {
        yield return ("/var/lib/containers/storage", "/run/containers/storage");
        foreach ((string run, string? home) in _users)
        {
            if (home is ['/', ..])
                yield return ($"{home}/.local/share/containers/storage", $"{run}/containers");
        }
    }

    private static Accounts? ReadUsers(string root)
    {
        try
        {
            return Accounts.ReadUsers(root);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
