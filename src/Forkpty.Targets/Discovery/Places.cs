using System.Globalization;
using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>Where runtimes keep their state: the machine's, the caller's own, and for root that of every user who has some.</summary>
internal sealed class Places
{
    private readonly HostFiles _files;
    private readonly List<string> _runtimes = [];
    private readonly List<string?> _homes = [];

    public Places(HostFiles files)
    {
        _files = files;
        if (files.Root.Length == 0 && Libc.geteuid() != 0)
        {
            string own = string.Create(CultureInfo.InvariantCulture, $"/run/user/{Libc.geteuid()}");
            _runtimes.Add(Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is ['/', ..] given ? given.TrimEnd('/') : own);
            _homes.Add(Environment.GetEnvironmentVariable("HOME"));
            return;
        }

        List<string> uids = files.Names("/run/user");
        Accounts? accounts = uids.Count > 0 ? ReadUsers(files.Root) : null;
        foreach (string uid in uids)
        {
            _runtimes.Add($"/run/user/{uid}");
            _homes.Add(Accounts.Number(uid) is { } number ? accounts?.FindUser(number)?.Home : null);
        }
    }

    /// <summary>The directories in which runc or crun have one for each container.</summary>
    public List<string> Of(string runtime)
    {
        List<string> places = [$"/run/{runtime}"];
        foreach (string run in _runtimes)
            places.Add($"{run}/{runtime}");
        if (runtime != "runc") return places;

        places.Add("/run/docker/runtime-runc/moby");
        places.Add("/run/docker/runtime-runc/moby-plugins");
        foreach (string space in _files.Names("/run/containerd/runc"))
            places.Add($"/run/containerd/runc/{space}");
        foreach (string run in _runtimes)
            places.Add($"{run}/docker/runtime-runc/moby");
        return places;
    }

    /// <summary>Where Docker describes its containers.</summary>
    public List<string> OfDocker()
    {
        const string usual = "/var/lib/docker";
        List<string> roots = [usual];
        StateText.Read(_files.Text("/etc/docker/daemon.json") ?? "", (way, value) =>
        {
            if (way == "data-root" && value is ['/', ..] root)
                roots.Insert(0, root.TrimEnd('/'));
        });
        List<string> places = [];
        foreach (string root in roots)
        {
            // With userns-remap all is one directory further down, which has the name of the first user and group.
            places.Add($"{root}/containers");
            foreach (string name in _files.Names(root))
            {
                if (name.Split('.') is [var user, var group] && Accounts.Number(user) is not null && Accounts.Number(group) is not null)
                    places.Add($"{root}/{name}/containers");
            }
        }

        foreach (string? home in _homes)
        {
            if (home is ['/', ..])
                places.Add($"{home}/.local/share/docker/containers");
        }

        return places;
    }

    /// <summary>Where Podman (or CRI-O) describes its containers.</summary>
    /// <param name="run">Where it keeps what is true until the next boot, for each.</param>
    public List<string> OfPodman(out List<string> run)
    {
        List<string> storage = ["/var/lib/containers/storage"];
        run = ["/run/containers/storage"];
        for (int i = 0; i < _homes.Count; i++)
        {
            if (_homes[i] is not ['/', ..]) continue;
            storage.Add($"{_homes[i]}/.local/share/containers/storage");
            run.Add($"{_runtimes[i]}/containers");
        }

        return storage;
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
