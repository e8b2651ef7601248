using System.Globalization;

namespace Forkpty.Targets;

/// <summary>The names and images that Docker and Podman have given to ids: runtimes know ids alone.</summary>
internal sealed class ContainerNames
{
    private readonly Dictionary<string, Clue> _clues = [];

    public ContainerNames(HostFiles files, Places places)
    {
        foreach (Place place in places.OfDocker())
            ReadDocker(files, place);
        List<Place> storages = places.OfPodman(out List<Place> runs);
        for (int i = 0; i < storages.Count; i++)
        {
            (Place storage, Place run) = (storages[i], runs[i]);
            // One directory for each kind of storage (overlay, vfs ...); containers that go with their process are in a file of their own.
            foreach (string driver in files.Names(storage))
            {
                if (!driver.EndsWith("-containers", StringComparison.Ordinal)) continue;
                ReadPodman(files, storage.Below($"{driver}/containers.json"), run.Below(driver));
                ReadPodman(files, storage.Below($"{driver}/volatile-containers.json"), run.Below(driver));
            }
        }
    }

    public IEnumerable<Clue> All => _clues.Values;

    /// <summary>What its own user has written of a container: whose the state is, he names it, and nobody else.</summary>
    public Clue? Find(string id, uint owner) => _clues.GetValueOrDefault(Key(id, owner));

    private void ReadDocker(HostFiles files, Place place)
    {
        foreach (string directory in files.Names(place))
        {
            if (files.Text(place.Below($"{directory}/config.v2.json"), HostFiles.MaxState, out uint owner) is not { } text) continue;
            string id = "", name = "", image = "";
            int pid = 0;
            StateText.Read(text, (way, value) =>
            {
                switch (way)
                {
                    case "ID": id = value!; break;
                    case "Name": name = value!.TrimStart('/'); break;
                    case "Config.Image": image = value!; break;
                    case "State.Pid": pid = Number(value!); break;
                }
            });
            if (id.Length > 0 && id == directory)
                _clues[Key(id, owner)] = new Clue(TargetKind.Docker, name.Length > 0 ? name : id, pid) { Id = id, Image = image, Mark = id, Owner = owner };
        }
    }

    private void ReadPodman(HostFiles files, Place file, Place run)
    {
        if (files.Text(file, HostFiles.MaxState, out uint owner) is not { } text) return;
        string id = "", name = "", image = "", metadata = "";
        StateText.Read(text, (way, value) =>
        {
            switch (way)
            {
                case "[].id": id = value!; break;
                case "[].names[]" when name.Length == 0: name = value!; break;
                case "[].image": image = value!; break;
                case "[].metadata": metadata = value!; break;
                case "[]":
                    if (id.Length > 0 && id.IndexOf('/', StringComparison.Ordinal) < 0 && run.Allowance?.IsSpent != true)
                    {
                        // The number of the first process: a file of its monitor's, which stays behind.
                        int pid = Number((files.Text(run.Below($"{id}/userdata/pidfile"), 32) ?? "").Trim());
                        string named = ImageOf(metadata);
                        _clues[Key(id, owner)] = new Clue(TargetKind.Podman, name.Length > 0 ? name : id, pid) { Id = id, Image = named.Length > 0 ? named : image, Mark = id, Owner = owner };
                    }

                    id = name = image = metadata = "";
                    break;
            }
        });
    }

    private static string Key(string id, uint owner) => $"{owner}:{id}";

    private static string ImageOf(string metadata)
    {
        string image = "";
        StateText.Read(metadata, (way, value) => image = way == "image-name" ? value! : image);
        return image;
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
