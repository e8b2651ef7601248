using Forkpty.Interop;
using Forkpty.Listeners;
using Forkpty.Named;
using Forkpty.Protocol;
using Forkpty.Sessions;
using Forkpty.Upgrade;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forkpty;

/// <summary>
/// The forkpty router: each connection to one of its sockets gets a terminal of its own with a program on it.
/// </summary>
/// <example><code>
/// await using var router = new Router(new RouterOptions { Listeners = [new(RouterAddress.Parse("/run/shell.sock"), WireMode.Raw)] });
/// router.Start();
/// </code></example>
/// <remarks>
/// Read on in <see cref="Listener"/> (accept), <see cref="Session"/> (a terminal and its client), <see cref="Reactor.EventLoop"/> (who runs all that) and <see cref="PtySpawner"/>.
/// </remarks>
public sealed partial class Router : IAsyncDisposable
{
    /// <summary>How long leaders may take to end after the hang-up when the router stops. One that ignores SIGHUP lives on, as it would after its client's disconnect.</summary>
    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(2);

    /// <summary>Milliseconds that threads beside the lanes may take then.</summary>
    private const int WorkersWait = 2_000;

    /// <summary>Milliseconds until another lane is tried, where one could not be made.</summary>
    private const int LanePause = 1_000;

    private readonly RouterOptions _options;
    private readonly List<Listener> _listeners = [];
    private readonly Lane?[] _bulk;
    private DateTimeOffset _since = DateTimeOffset.UtcNow;
    private readonly ManualResetEventSlim _allEnded = new();
    private readonly RefusalLog _refusals;
    private SharedTerminal? _shared;
    private uint _nextBulk;
    private long _noLaneUntil; // in milliseconds: one could not be made
    private int _lastSessionId;
    private long _departed; // sessions, from a lane to another one; ever
    private long _arrived;
    private readonly Lock _stopping = new();
    private bool _started;
    private Task? _stopped;

    /// <summary>Makes a router; nothing is bound yet.</summary>
    /// <param name="options">What it serves and how.</param>
    /// <param name="log">Where it logs; null for nowhere.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public Router(RouterOptions options, ILogger? log = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        Log = log ?? NullLogger.Instance;
        Settings = new SessionSettings(options);
        _bulk = new Lane?[options.Workers - 1];
        Spawner = new Spawner("fpty-spawn", Closer);
        Enterer = new Spawner("fpty-enter", Closer);
        Directory = new SessionDirectory(this);
        _refusals = new RefusalLog(InteractiveLane.Loop, Log);
    }

    /// <summary>The version of this library.</summary>
    public static string Version { get; } = typeof(Router).Assembly.GetName().Version!.ToString(3);

    internal ILogger Log { get; }

    internal SessionSettings Settings { get; private set; }

    internal Lane InteractiveLane { get; } = new("fpty-loop", isBulk: false);

    internal TerminalCloser Closer { get; } = new();

    internal Spawner Spawner { get; }

    /// <summary>Starts programs inside of targets, so that a hostile one holds up nobody's start but those of others in targets. It runs where there is an <see cref="Entrance"/>.</summary>
    internal Spawner Enterer { get; }

    /// <summary>The way into targets; null where clients have none.</summary>
    internal IEntrance? Entrance { get; set; }

    internal Killer Killer { get; } = new();

    internal SessionDirectory Directory { get; }

    /// <summary>Binds every socket and begins to serve.</summary>
    /// <exception cref="ListenException">A socket cannot be bound; then none is.</exception>
    /// <exception cref="IOException">No thread is left for it, within the limit of processes; then no socket is bound.</exception>
    public void Start() => Start(saved: null);

    /// <summary>As <see cref="Start()"/>, going on with what another executable has left in this process.</summary>
    internal void Start(StateReader? saved)
    {
        if (_started || _stopped is not null)
            throw new InvalidOperationException("This router was started before; make a new one.");
        List<(BoundSocket Socket, Action<SafeFd> Serve)> bound = [];
        try
        {
            BindAll(bound);
            StartWorkers();
            foreach ((BoundSocket socket, Action<SafeFd> serve) in bound)
                _listeners.Add(new Listener(InteractiveLane.Loop, socket, serve, () => OnRefused(null, "no file descriptor is left")));
            if (saved is not null)
                Resume(saved);
            EndAbandoned();
            InteractiveLane.Loop.Start();
        }
        catch (Exception failure)
        {
            foreach ((BoundSocket socket, _) in bound)
            {
                socket.RemoveFile();
                socket.Dispose();
            }

            if (failure is OutOfMemoryException)
                throw new IOException("cannot serve: no thread can be started, for this user has as many processes and threads as he may; raise the limit (ulimit -u, pids.max) or end some", failure);
            throw;
        }

        _started = true;
        if (_shared is { } shared)
            InteractiveLane.Loop.Post(_ => { if (saved is null) shared.Start(); else shared.Resume(); });
    }

    /// <summary>Replaces what new sessions are started with: command, directory, environment, size, timeout, signals. Sessions that run go on as they are.</summary>
    /// <param name="options">The new options; listeners and workers in them stay as they were.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds; nothing has changed.</exception>
    public void Reload(RouterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var settings = new SessionSettings(options);
        InteractiveLane.Loop.Post(_ =>
        {
            Settings.Plan.Dispose();
            Settings = settings;
            Log.Reloaded();
        });
    }

    /// <summary>
    /// Ends it: no new clients, every session is hung up, sockets' files are removed. Returns when the programs have ended, or after 2 seconds. A thread that waits for the kernel, as
    /// for a program on a dead network file system, is left to itself after 2 more.
    /// </summary>
    /// <returns>A task that ends when nothing of the router runs any more; the same one for all who ask.</returns>
    public Task StopAsync()
    {
        lock (_stopping)
            return _stopped ??= Task.Run(Stop);
    }

    /// <summary>As <see cref="StopAsync"/>, on the calling thread: where no other can be started, it ends all the same.</summary>
    internal void Stop()
    {
        if (_started)
        {
            long sessions = Statistics.ActiveSessions;
            Log.Stopping(sessions == 1 ? "1 session is" : $"{sessions} sessions are");
            InteractiveLane.Loop.Post(_ => StopServing());
            _ = _allEnded.Wait(StopWait);
        }

        // Workers before the loops that they post to, but for the closer, which has terminals from them; all together wait no longer than one.
        long until = Environment.TickCount64 + WorkersWait;
        Killer.Loop.Stop();
        _ = Spawner.Crew.TryEnd(until);
        _ = Enterer.Crew.TryEnd(until);
        Killer.Dispose();
        foreach (Lane lane in RunningLanes())
            lane.Loop.Dispose();
        _ = Closer.TryEnd(until);
        Settings.Plan.Dispose();
    }

    /// <summary>What it has done so far.</summary>
    public RouterStatistics Statistics
    {
        get
        {
            RouterCounters[] counters = [.. RunningLanes().Select(lane => lane.Counters)];
            long sessions = counters.Sum(c => c.Accepted);
            return new RouterStatistics
            {
                Since = _since,
                ActiveSessions = sessions - counters.Sum(c => c.Ended),
                Sessions = sessions,
                Refused = counters.Sum(c => c.Refused),
                BytesIn = counters.Sum(c => c.BytesIn),
                BytesOut = counters.Sum(c => c.BytesOut),
                UnknownPackets = counters.Sum(c => c.UnknownPackets),
                Loops = counters.Length,
            };
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    internal int NextSessionId() => ++_lastSessionId;

    /// <summary>A lane for a session that floods, the next one in turn; null where there is but one loop. On the interactive lane's thread.</summary>
    internal Lane? BulkLane()
    {
        if (_bulk.Length == 0) return null;
        int index = (int)(_nextBulk++ % (uint)_bulk.Length);
        if (_bulk[index] is { } running) return running;
        if (Environment.TickCount64 < _noLaneUntil) return null;
        Lane? lane = null;
        try
        {
            lane = new Lane($"fpty-bulk-{index + 1}", isBulk: true) { IsStopping = InteractiveLane.IsStopping };
            lane.Loop.Start();
            Volatile.Write(ref _bulk[index], lane);
            return lane;
        }
        catch (Exception exhausted) when (exhausted is KernelException or OutOfMemoryException)
        {
            // No descriptor or thread is left: the session floods where it is, and asks again with each read.
            lane?.Loop.Dispose();
            _noLaneUntil = Environment.TickCount64 + LanePause;
            return null;
        }
    }

    /// <summary>A session leaves one lane for another, and is on neither of them until <see cref="OnMoved"/>: what stops waits for it.</summary>
    internal void OnMoving() => Interlocked.Increment(ref _departed);

    /// <summary>It has arrived.</summary>
    internal void OnMoved(Lane lane)
    {
        Interlocked.Increment(ref _arrived);
        OnSessionClosed(lane);
    }

    internal void OnSessionClosed(Lane lane)
    {
        if (!lane.IsStopping) return;
        Interlocked.MemoryBarrier(); // of two lanes whose last sessions end at once, one sees the other's end
        long arrived = Interlocked.Read(ref _arrived); // before the lanes are looked at; and who has departed, after: equal, nobody has moved meanwhile
        if (_shared is null or { HasEnded: true } && RunningLanes().All(l => l.IsStopping && l.Sessions.Count == 0) && Interlocked.Read(ref _departed) == arrived)
            _allEnded.Set();
    }

    /// <summary>Now, and not when they are needed: where no thread is left (RLIMIT_NPROC, pids.max), sessions still end.</summary>
    private void StartWorkers()
    {
        Killer.Loop.Start();
        Closer.Run();
        Spawner.Crew.Run();
        if (Entrance is not null)
            Enterer.Crew.Run();
    }

    private void BindAll(List<(BoundSocket Socket, Action<SafeFd> Serve)> bound)
    {
        foreach (ListenOptions listen in _options.Listeners)
        {
            foreach (BoundSocket socket in Bind(listen.Address, listen.Descriptors))
                bound.Add((socket, client => OpenSession(client, listen.Mode, socket.IsTcp)));
            Log.Listening(listen.Address.ToString(), listen.Mode == WireMode.Raw ? "raw mode" : "uwsgi mode");
        }

        if (_options.Statistics is { } statistics)
        {
            foreach (BoundSocket socket in Bind(statistics.Address, statistics.Descriptors))
                bound.Add((socket, client => StatisticsPage.Send(client, this, _options)));
            Log.Listening(statistics.Address.ToString(), "statistics");
        }

        if (_options.SharedTerminal is { } shared)
        {
            _shared = new SharedTerminal(this, shared);
            foreach (BoundSocket socket in Bind(shared.Address, shared.Descriptors))
                bound.Add((socket, client => _shared.Join(client, socket.IsTcp)));
            Log.Listening(shared.Address.ToString(), "shared terminal");
        }
    }

    private IReadOnlyList<BoundSocket> Bind(RouterAddress address, IReadOnlyList<int> descriptors) =>
        descriptors.Count > 0 ? [.. descriptors.Select(fd => BoundSocket.Adopt(address, fd, _options.Sockets))] : BoundSocket.BindAll(address, _options.Sockets);

    private void OpenSession(SafeFd client, WireMode mode, bool isTcp)
    {
        InteractiveLane.Counters.Accepted++;
        new Session(this, InteractiveLane, client, mode, isTcp).Open();
    }

    /// <summary>A client got no program. At a limit that may be thousands a second, so only the first of each second are logged one by one. From any lane.</summary>
    internal void OnRefused(int? session, string reason)
    {
        if (!InteractiveLane.Loop.IsCurrent)
        {
            InteractiveLane.Loop.Post(_ => OnRefused(session, reason));
            return;
        }

        InteractiveLane.Counters.Refused++;
        _refusals.Add(session, reason);
    }

    private void StopServing()
    {
        foreach (Listener listener in _listeners)
            listener.Dispose();
        _listeners.Clear();
        _shared?.HangUp();
        foreach (Lane lane in RunningLanes())
        {
            if (lane == InteractiveLane)
                StopLane(lane);
            else
                lane.Loop.Post(_ => StopLane(lane));
        }
    }

    private void StopLane(Lane lane)
    {
        lane.IsStopping = true;
        foreach (ILaneResident session in lane.Sessions.ToArray())
            session.HangUp();
        OnSessionClosed(lane);
    }

    private IEnumerable<Lane> RunningLanes()
    {
        yield return InteractiveLane;
        for (int i = 0; i < _bulk.Length; i++)
        {
            if (Volatile.Read(ref _bulk[i]) is { } lane)
                yield return lane;
        }
    }
}
