using System.Globalization;
using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>Where runtimes keep their state: the machine's, the caller's own, and for root that of every user who has some.</summary>
internal sealed class Places
{
    /// <summary>Where containerd has a directory for each of its namespaces.</summary>
    public const string OfContainerd = "/run/containerd/runc";

    /// <summary>What of it is of pods: containerd itself has given it that name.</summary>
    public const string OfPods = $"{OfContainerd}/k8s.io";

    private readonly HostFiles _files;
    private readonly List<Place> _runtimes = [];
    private readonly List<Place?> _homes = [];

    public Places(HostFiles files)
    {
        _files = files;
        if (files.Root.Length == 0 && Libc.geteuid() != 0)
        {
            string own = string.Create(CultureInfo.InvariantCulture, $"/run/user/{Libc.geteuid()}");
            _runtimes.Add(Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is ['/', ..] given ? given.TrimEnd('/') : own);
            _homes.Add(Environment.GetEnvironmentVariable("HOME") is ['/', ..] home ? new Place(home.TrimEnd('/')) : null);
            return;
        }

        List<string> uids = files.Names("/run/user");
        Accounts? accounts = uids.Count > 0 ? ReadUsers(files.Root) : null;
        foreach (string name in uids)
        {
            if (Accounts.Number(name) is not { } uid) continue;
            var allowance = new Allowance();
            _runtimes.Add(Of($"/run/user/{name}", uid, allowance));
            _homes.Add(accounts?.FindUser(uid)?.Home.TrimEnd('/') is ['/', ..] home ? Of(home, uid, allowance) : null);
        }

        static Place Of(string path, uint uid, Allowance allowance) => uid == 0 ? path : new Place(path, path, uid, allowance);
    }

    /// <summary>The directories in which runc or crun have one for each container: the machine's before those of users.</summary>
    public List<Place> Of(string runtime)
    {
        List<Place> places = [$"/run/{runtime}"];
        if (runtime == "runc")
        {
            places.Add("/run/docker/runtime-runc/moby");
            places.Add("/run/docker/runtime-runc/moby-plugins");
            foreach (string space in _files.Names(OfContainerd))
                places.Add($"{OfContainerd}/{space}");
            foreach (Place run in _runtimes)
                places.Add(run.Below("docker/runtime-runc/moby"));
        }

        foreach (Place run in _runtimes)
            places.Add(run.Below(runtime));
        return places;
    }

    /// <summary>Every directory in which a container of whatever runtime, or a machine, has an entry of its own while it runs.</summary>
    public List<Place> OfAll() => [.. Of("runc"), .. Of("crun"), .. OfDocker(), "/run/systemd/machines"];

    /// <summary>Where Docker describes its containers.</summary>
    public List<Place> OfDocker()
    {
        const string usual = "/var/lib/docker";
        List<string> roots = [usual];
        StateText.Read(_files.Text("/etc/docker/daemon.json") ?? "", (way, value) =>
        {
            if (way == "data-root" && value is ['/', ..] root)
                roots.Insert(0, root.TrimEnd('/'));
        });
        List<Place> places = [];
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

        foreach (Place? home in _homes)
        {
            if (home is { } there)
                places.Add(there.Below(".local/share/docker/containers"));
        }

        return places;
    }

    /// <summary>Where Podman (or CRI-O) describes its containers, and where it keeps what is true until the next boot.</summary>
    /// <param name="runs">The latter, one for each.</param>
    public List<Place> OfPodman(out List<Place> runs)
    {
        List<Place> storages = ["/var/lib/containers/storage"];
        runs = ["/run/containers/storage"];
        for (int i = 0; i < _homes.Count; i++)
        {
            if (_homes[i] is not { } home) continue;
            storages.Add(home.Below(".local/share/containers/storage"));
            runs.Add(_runtimes[i].Below("containers"));
        }

        return storages;
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
