using Forkpty.Protocol;
using Forkpty.Upgrade;

namespace Forkpty.Named;

/// <summary>Sessions that have ended: how, to tell who attaches too late, and for a while what remains of them for a driver whose connection broke.</summary>
internal sealed class Endings
{
    /// <summary>Milliseconds in which such a driver may come back: a client tries for so long.</summary>
    public const int ResumeLimit = 60_000;

    /// <summary>At least this many are remembered; older ones only while something of them remains.</summary>
    private const int Most = 64;

    /// <summary>Bytes of output that all together may keep for their drivers; beyond that the oldest ones lose it, but never the newest.</summary>
    private const int MostBytes = 8 * 1024 * 1024;

    private readonly List<Ending> _endings = []; // the newest last

    /// <summary>When the first of them is to be looked after; null: none.</summary>
    public long? NextAt
    {
        get
        {
            foreach (Ending ending in _endings)
            {
                if (ending.Remains is not null) return ending.RemainsUntil;
            }

            return null;
        }
    }

    public void Add(string name, int id, string sentence, EndedSession? remains, long now)
    {
        _endings.Add(new Ending(name, id, sentence) { Remains = remains, RemainsUntil = now + ResumeLimit });
        Forget(now);
    }

    /// <summary>How the last session of this name, or number, has ended; null where none has.</summary>
    public string? Find(string name)
    {
        Ending? last = null;
        foreach (Ending ending in _endings)
        {
            if (ending.IsOf(name))
                last = ending;
        }

        return last?.Sentence;
    }

    /// <summary>Gives a driver whose connection broke what remains of its session for it.</summary>
    /// <returns>false where there is nothing for it.</returns>
    public bool TryResume(Peer peer, OpenRequest request)
    {
        foreach (Ending ending in _endings)
        {
            if (request.Session is { } name && ending.IsOf(name) && ending.Remains?.TryResume(peer, request) == true) return true;
        }

        return false;
    }

    /// <summary>Lets go of what nobody has come for in time, or what is too much.</summary>
    public void Forget(long now)
    {
        long size = 0;
        int newer = 0;
        for (int i = _endings.Count - 1; i >= 0; i--, newer++)
        {
            Ending ending = _endings[i];
            size += ending.Remains?.Size ?? 0;
            if (ending.RemainsUntil <= now || (size > MostBytes && size > ending.Remains?.Size))
                ending.Remains = null;
            if (ending.Remains is null && newer >= Most)
                _endings.RemoveAt(i);
        }
    }

    public void Save(StateWriter state)
    {
        state.Number(_endings.Count);
        foreach (Ending ending in _endings)
        {
            state.Text(ending.Name);
            state.Number(ending.Id);
            state.Text(ending.Sentence);
            state.Number(ending.RemainsUntil);
            state.Flag(ending.Remains is not null);
            ending.Remains?.Save(state);
        }
    }

    /// <summary>Reads what <see cref="Save"/> has written.</summary>
    public void Resume(StateReader state)
    {
        for (int left = state.Int32(); left > 0; left--)
        {
            var ending = new Ending(state.Text()!, state.Int32(), state.Text()!) { RemainsUntil = state.Number() };
            ending.Remains = state.Flag() ? new EndedSession(state) : null;
            _endings.Add(ending);
        }
    }

    private sealed class Ending(string name, int id, string sentence)
    {
        public string Name => name;

        public int Id => id;

        public string Sentence => sentence;

        public EndedSession? Remains { get; set; }

        public long RemainsUntil { get; init; }

        public bool IsOf(string wanted) => wanted == name || (SessionName.TryNumber(wanted, out int number) && number == id);
    }
}
