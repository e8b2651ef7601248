using Forkpty.Named;
using Forkpty.Sessions;
using Forkpty.Upgrade;

namespace Forkpty;

/// <content>From one executable to the next, in the same process: whoever is connected, and every program, goes on.</content>
public sealed partial class Router
{
    private readonly List<Peer> _upgradeAskers = [];

    /// <summary>A client asks for an upgrade, which is for the program around the router to make; null: it makes none. Called on the interactive lane.</summary>
    internal Action? UpgradeAsked { get; set; }

    /// <summary>Who holds kept sessions for the case that this process is killed; null for nobody.</summary>
    internal IDescriptorStore? Store { get; set; }

    /// <summary>Goes on with sessions that have outlived a router which was killed. Before <see cref="Start()"/>.</summary>
    internal void Adopt(IReadOnlyList<StoredSession> sessions)
    {
        foreach (StoredSession stored in sessions)
        {
            var session = new NamedSession(this, stored);
            _lastSessionId = Math.Max(_lastSessionId, session.Id);
            InteractiveLane.Counters.Accepted++;
            Directory.Adopt(session);
            InteractiveLane.Loop.Post(_ => session.Resume());
        }

        if (sessions.Count > 0)
            Log.Restored(sessions.Count == 1 ? "1 session has" : $"{sessions.Count} sessions have");
    }

    /// <summary>
    /// Sessions that were to end with their clients down to the last process: where their router was killed, nobody has done it. The groups of others, which have left something behind, are watched
    /// in the place of a router that has ended.
    /// </summary>
    private void EndAbandoned()
    {
        List<SessionCgroup> groups = SessionCgroup.Abandoned();
        if (groups.Count > 0)
            Log.EndingAbandoned(groups.Count == 1 ? "1 session" : $"{groups.Count} sessions");
        foreach (SessionCgroup group in groups)
        {
            Killer.Kill(() => group.Kill()); // nobody waits for that: who ends with a live session comes next
            Killer.RemoveWhenEmpty(group);
        }

        foreach (SessionCgroup group in SessionCgroup.LetGoes())
            Killer.RemoveWhenEmpty(group);
    }

    /// <summary>
    /// Brings everything to a stand and writes what is under way. The state holds while the standstill does; disposing that without an exec lets all go on as if nothing had been. Not on a lane's
    /// thread.
    /// </summary>
    /// <param name="state">Where it goes.</param>
    /// <exception cref="TimeoutException">A program is being started, or a terminal hung up, for seconds; nothing has happened.</exception>
    /// <exception cref="KernelException">There is no memory for the state; nothing has happened.</exception>
    internal Standstill StandStill(StateWriter state)
    {
        var standstill = Standstill.Of(() => [.. RunningLanes().Select(lane => lane.Loop)], [Spawner.Crew, Enterer.Crew, Killer, Closer]);
        try
        {
            Save(state);
            return standstill;
        }
        catch
        {
            standstill.Dispose();
            throw;
        }
    }

    /// <summary>The sockets that are listened on, to be bound to the next executable by their descriptors.</summary>
    internal IEnumerable<BoundSocket> Sockets => _listeners.Select(listener => listener.Socket);

    /// <summary>An upgrade could not be made: who has asked for it is told why. From any thread.</summary>
    internal void RefuseUpgrade(string reason) => InteractiveLane.Loop.Post(_ =>
    {
        foreach (Peer asker in _upgradeAskers)
            asker.Refuse("cannot-upgrade", reason);
        _upgradeAskers.Clear();
    });

    internal void AskForUpgrade(Peer asker)
    {
        if (UpgradeAsked is not { } ask)
        {
            asker.Refuse("cannot-upgrade", "this router is part of a program that cannot be upgraded while it runs");
            return;
        }

        _upgradeAskers.Add(asker);
        ask();
    }

    private void Save(StateWriter state)
    {
        RouterStatistics statistics = Statistics;
        long ended = statistics.Sessions - statistics.ActiveSessions;
        state.Number(_since.UtcTicks);
        state.Number(_lastSessionId);
        state.Number(statistics.Sessions);
        state.Number(ended);
        state.Number(statistics.Refused);
        state.Number(statistics.BytesIn);
        state.Number(statistics.BytesOut);
        state.Number(statistics.UnknownPackets);
        Directory.Save(state);
        state.Flag(_shared is not null);
        _shared?.Save(state);
        foreach (Lane lane in RunningLanes())
        {
            foreach (ILaneResident resident in lane.Sessions)
            {
                if (resident.Kind == Resident.None) continue;
                state.Number((int)resident.Kind);
                resident.Save(state);
            }
        }

        state.Number((int)Resident.None);
        state.Finish();
    }

    /// <summary>Takes up what another executable has left, before the loops run; what lives on them goes on in their first turn.</summary>
    private void Resume(StateReader state)
    {
        _since = new DateTimeOffset(state.Number(), TimeSpan.Zero);
        _lastSessionId = state.Int32();
        RouterCounters counters = InteractiveLane.Counters;
        counters.Accepted = state.Number();
        counters.Ended = state.Number();
        counters.Refused = state.Number();
        counters.BytesIn = state.Number();
        counters.BytesOut = state.Number();
        counters.UnknownPackets = state.Number();
        Directory.Resume(state);
        if (state.Flag())
            _shared!.Read(state);
        long sessions = 0;
        for (Resident kind; (kind = (Resident)state.Number()) != Resident.None;)
        {
            sessions += kind is Resident.Peer or Resident.Program ? 0 : 1;
            Resume(kind, state);
        }

        counters.Ended = counters.Accepted - sessions; // also those of which nothing was left
        Log.Upgraded(sessions == 1 ? "1 session goes" : $"{sessions} sessions go");
    }

    private void Resume(Resident kind, StateReader state)
    {
        switch (kind)
        {
            case Resident.Session:
                var plain = new Session(this, InteractiveLane, state);
                InteractiveLane.Loop.Post(_ => plain.Resume());
                break;
            case Resident.NamedSession:
                var named = new NamedSession(this, state);
                if (named.IsToBeFound)
                    Directory.Adopt(named);
                InteractiveLane.Loop.Post(_ => named.Resume());
                break;
            case Resident.PipedSession:
                var piped = new PipedSession(this, BulkLane() ?? InteractiveLane, state);
                if (piped.IsToBeFound)
                    Directory.Adopt(piped);
                piped.Resume();
                break;
            case Resident.Program:
                var left = new SessionProgram(owner: null, this, state);
                InteractiveLane.Loop.Post(_ => left.Resume());
                break;
            default:
                var peer = Peer.Resume(this, state, []);
                InteractiveLane.Loop.Post(_ => peer.Resume());
                break;
        }
    }
}
