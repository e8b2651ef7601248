using Forkpty.Protocol;
using Forkpty.Reactor;
using Forkpty.Upgrade;

namespace Forkpty.Named;

/// <summary>
/// The sessions that the session protocol has opened, by number and name; who wants to hear of them; and what clients ask that concerns another session than their own. Lives
/// on the interactive lane: so of two that want one name one is first.
/// </summary>
internal sealed class SessionDirectory(Router router) : ITimerTarget
{
    /// <summary>The variable in which a program finds what its session is called.</summary>
    private const string OwnName = "FPTY_SESSION";

    private readonly Dictionary<int, ISession> _byId = [];
    private readonly Dictionary<string, ISession> _byName = [];
    private readonly List<Peer> _subscribers = [];
    private readonly Endings _endings = new();
    private bool _isForgetting; // a timer runs
    private volatile bool _isHeard;

    /// <summary>The payload of HELLO.</summary>
    public byte[] Greeting { get; } = new Hello { Version = Router.Version, Can = ["keep", "no-pty", "resume", "events", "upgrade"] }.ToPayload();

    /// <summary>A client, on the interactive lane, asks for a session.</summary>
    /// <returns>false where it is on its way to another lane.</returns>
    public bool Open(Peer peer, OpenRequest request)
    {
        if (request.IsViewer && request.Take)
        {
            peer.Refuse("not-allowed", "a client that only looks cannot take a session from its drivers; attach without taking it, or as a driver");
            return true;
        }

        if (_endings.TryResume(peer, request)) return true;
        if (request.Mode != OpenMode.New && request.Session is { } wanted && Find(wanted) is { } session)
        {
            bool stays = session.IsHere;
            if (!stays)
                peer.Depart();
            session.Join(peer, request);
            return stays;
        }

        if (request.Mode == OpenMode.Attach || request.Resume is not null)
            peer.Refuse("unknown-session", Unknown(request.Session));
        else
            return OpenNew(peer, request);
        return true;
    }

    public void List(Peer peer) => Ask(peer, static (directory, peer) =>
    {
        SessionInfo[] sessions = [.. directory._byId.Values.Select(static session => session.Describe())];
        Array.Sort(sessions, static (one, other) => one.Id.CompareTo(other.Id));
        peer.Answer(Listed(sessions));
    });

    private static IEnumerable<byte[]> Listed(SessionInfo[] sessions)
    {
        foreach (SessionInfo session in sessions)
            yield return SessionPacketWriter.Packet(SessionPacketType.Listed, session.ToPayload());
        yield return SessionPacketWriter.Packet(SessionPacketType.Listed, []);
    }

    /// <summary>Ends a session, or sends its foreground group a signal.</summary>
    public void Kill(Peer peer, SessionRequest request) => AskOf(peer, request.Session, session =>
    {
        session.Kill(request.Signal);
        return null;
    });

    /// <summary>Makes the clients of a session leave.</summary>
    public void Detach(Peer peer, SessionRequest request) => AskOf(peer, request.Session, session =>
    {
        if (!session.OnDisconnect.IsKept)
            return new SessionError("not-kept", $"the session {session.Name} is not kept and would end; to end it: fpty kill {session.Name}");
        session.DetachAll();
        return null;
    });

    /// <param name="peer">The client.</param>
    /// <param name="isNew">false: it was a subscriber before the router executed itself, and is told of that.</param>
    public void Subscribe(Peer peer, bool isNew = true)
    {
        _subscribers.Add(peer);
        _isHeard = true;
        peer.Tell(SessionPacketType.Event, new SessionEvent { Event = isNew ? "ready" : "upgraded", At = Time }.ToPayload());
    }

    public void Unsubscribe(Peer peer)
    {
        if (peer.State == PeerState.Closed && _isHeard && router.InteractiveLane.Loop.IsCurrent && _subscribers.Remove(peer))
            _isHeard = _subscribers.Count > 0;
    }

    /// <summary>Something has happened to a session; from any lane.</summary>
    public void Publish(string what, ISession session, ExitStatus? status = null)
    {
        if (!_isHeard) return;
        byte[] payload = new SessionEvent
        {
            Event = what,
            At = Time,
            Session = session.Describe(),
            Code = status?.Code,
            Signal = status?.Signal,
        }.ToPayload();
        OnInteractiveLane(() =>
        {
            foreach (Peer subscriber in _subscribers.ToArray())
                subscriber.Tell(SessionPacketType.Event, payload);
        });
    }

    /// <summary>The session's name is free from now on; from any lane.</summary>
    /// <param name="session">The session.</param>
    /// <param name="sentence">How it has ended.</param>
    /// <param name="remains">What remains of it for a driver whose connection broke.</param>
    public void Remove(ISession session, string sentence, EndedSession? remains = null) => OnInteractiveLane(() =>
    {
        if (!_byId.Remove(session.Id)) return;
        if (_byName.GetValueOrDefault(session.Name) == session)
            _byName.Remove(session.Name);
        _endings.Add(session.Name, session.Id, sentence, remains, Loop.Now);
        WatchEndings();
    });

    /// <summary>What remains of a session and nobody has come for is let go of.</summary>
    void ITimerTarget.OnTimer(int purpose)
    {
        _isForgetting = false;
        _endings.Forget(Loop.Now);
        WatchEndings();
    }

    /// <summary>A session that another executable has left, before the loops run.</summary>
    public void Adopt(ISession session) => Add(session);

    /// <summary>Writes what is remembered of sessions that have ended.</summary>
    public void Save(StateWriter state) => _endings.Save(state);

    /// <summary>Reads what <see cref="Save"/> has written.</summary>
    public void Resume(StateReader state)
    {
        _endings.Resume(state);
        Loop.Post(_ => WatchEndings());
    }

    private EventLoop Loop => router.InteractiveLane.Loop;

    private static double Time => Math.Round((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds, 3);

    private bool OpenNew(Peer peer, OpenRequest request)
    {
        if (request.Session is { } name && !SessionName.IsValid(name))
            peer.Refuse("bad-name", $"a session cannot be called so: 1 to {SessionName.MaxLength} letters, digits, dots, dashes and underscores, neither dot nor dash first");
        else if (request.Session is { } number && SessionName.TryNumber(number, out _))
            peer.Refuse("bad-name", $"a session cannot be called {number}: a number is what sessions without a name are called by");
        else if (request.Session is { } taken && _byName.ContainsKey(taken))
            peer.Refuse("name-taken", $"there is a session {taken} already; attach to it (fpty attach {taken}), or choose another name");
        else if (request.IsViewer)
            peer.Refuse("unknown-session", "a new session needs a driver; attach to one that is there to look at it");
        else if (Forbidden(request) is { } forbidden)
            peer.Refuse("not-allowed", $"this router's command is fixed, and a client cannot choose {forbidden}; ask who runs it (forkptyrouter-allow-command)");
        else if (!request.Terminal && request.OnDisconnect?.IsKept == true)
            peer.Refuse("not-kept", "a session without a terminal has nothing to come back to and cannot be kept");
        else if (request.Target is { } target && router.Entrance is null)
            peer.Refuse("not-allowed", $"this router lets nobody into {target}; ask who runs it (attach-targets)");
        else if (request.Target is not null && !request.Terminal)
            peer.Refuse("not-allowed", "a program inside of a target runs on a terminal");
        else
            return Start(peer, request);
        return true;
    }

    private bool Start(Peer peer, OpenRequest request)
    {
        request = request with { Environment = new Dictionary<string, string>(request.Environment) { [OwnName] = request.Session ?? $"{peer.Id}" } };
        if (request.Target is not null)
        {
            var inside = new NamedSession(router, peer.Id, request, request.Command ?? []);
            Add(inside);
            inside.OpenInside(peer, request);
            return true;
        }

        SpawnPlan plan;
        try
        {
            plan = new SpawnPlan(router.Settings.CommandFor(request));
        }
        catch (ArgumentException wrong)
        {
            peer.Refuse("cannot-start", wrong.Message);
            return true;
        }

        if (!request.Terminal)
            return StartOnPipes(peer, request, plan);
        var session = new NamedSession(router, peer.Id, request, plan.Command);
        Add(session);
        session.Open(peer, plan);
        return true;
    }

    /// <summary>Without a terminal there are no keystrokes, and often a lot of bytes: it begins on a bulk lane and stays there.</summary>
    private bool StartOnPipes(Peer peer, OpenRequest request, SpawnPlan plan)
    {
        var session = new PipedSession(router, router.BulkLane() ?? router.InteractiveLane, peer.Id, request, plan.Command);
        Add(session);
        bool stays = session.Lane.Loop.IsCurrent;
        if (!stays)
            peer.Depart();
        session.Open(peer, plan);
        return stays;
    }

    /// <summary>Of two that a service manager gives back under one name the second is called by its number.</summary>
    private void Add(ISession session)
    {
        _byId.Add(session.Id, session);
        _byName.TryAdd(session.Name, session);
    }

    /// <summary>What a client asks for that would give it more than the router's own command gives; null for nothing.</summary>
    private string? Forbidden(OpenRequest request)
    {
        if (router.Settings.ClientsChooseCommand) return null;
        if (request.Command is not null) return "a command";
        if (request.User is not null) return "a user";
        if (request.Directory is not null) return "a directory";
        foreach ((string name, string value) in request.Environment)
        {
            if (!SessionEnvironment.IsHarmless(name, value)) return $"the variable {name} with this value";
        }

        return null;
    }

    private ISession? Find(string name) =>
        _byName.TryGetValue(name, out ISession? session) || (SessionName.TryNumber(name, out int id) && _byId.TryGetValue(id, out session)) ? session : null;

    private string Unknown(string? name)
    {
        if (name is null)
            return "the request names no session to attach to";
        if (_endings.Find(name) is { } ended)
            return ended;
        return SessionName.IsValid(name)
            ? $"there is no session {name}{Others()}"
            : "there is no session of this name, which could not be one";
    }

    private string Others()
    {
        const int Most = 8;
        string[] names = [.. _byName.Keys.Take(Most + 1)];
        return names.Length == 0 ? ", nor any other" : $"; there is {string.Join(", ", names.Take(Most))}{(names.Length > Most ? " and more: fpty ps" : "")}";
    }

    private void AskOf(Peer peer, string name, Func<ISession, SessionError?> what) => Ask(peer, (directory, peer) =>
    {
        SessionError? error = directory.Find(name) is { } session ? what(session) : new SessionError("unknown-session", directory.Unknown(name));
        peer.Answer([error is null
            ? SessionPacketWriter.Packet(SessionPacketType.Done, [])
            : SessionPacketWriter.Packet(SessionPacketType.Error, error.ToPayload())]);
    });

    private void Ask(Peer peer, Action<SessionDirectory, Peer> what) => OnInteractiveLane(() => what(this, peer));

    private void WatchEndings()
    {
        if (_isForgetting || _endings.NextAt is not { } next) return;
        _isForgetting = true;
        Loop.Schedule((int)Math.Max(1, next - Loop.Now), this, purpose: 0);
    }

    private void OnInteractiveLane(Action what)
    {
        if (Loop.IsCurrent)
            what();
        else
            Loop.Post(static what => ((Action)what!)(), what);
    }
}
