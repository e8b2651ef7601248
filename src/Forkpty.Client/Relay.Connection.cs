using Forkpty.Interop;

namespace Forkpty.Client;

/// <summary>The connection's own fate: how it is watched, lost, and made again.</summary>
internal sealed partial class Relay
{
    private readonly Heartbeat? _heartbeat;
    private Reconnection? _reconnection; // from the loss to the session's return
    private int _offersLeft = RouterConnection.MostOffers;

    /// <summary>Milliseconds until <see cref="KeepTime"/> has something to do, -1 for never.</summary>
    private int TimeIn()
    {
        int next = _attachment.AnswerIn;
        if (_reconnection is not null && !_incoming.IsPending) next = Sooner(next, _reconnection.DueIn);
        if (_reconnection is null) next = Sooner(next, _attachment.Window.DueIn);
        if (_heartbeat is not null && Session is not null && _reconnection is null) next = Sooner(next, _heartbeat.DueIn);
        return next;
    }

    private void KeepTime()
    {
        if (_outcome is not null) return;
        if (_attachment.AnswerIn == 0) _outcome = _attachment.WithoutAnswer();
        if (_reconnection is { IsOver: true }) GiveUp(ClientOutcome.Normal);
        if (_reconnection is { IsConnected: true, IsDue: true }) Lose();
        if (_reconnection is null && _attachment.Window.DueIn == 0 && _attachment.Window.Settle(Session!.IsViewer)) Redraw();
        if (_heartbeat is not { DueIn: 0 } || Session is null || _reconnection is not null) return;
        if (_incoming.IsPending) _heartbeat.Heard(); // nobody listens: what the router says is not known
        if (_heartbeat.Beat())
            _outgoing.Request(Protocol.SessionPacketType.Ping);
        else
            LoseOr(() => Lost($"nothing has come from it for {Heartbeat.Limit} s, though it was asked"));
    }

    private void EndOfConnection()
    {
        if (_outcome is not null) return;
        if (_incoming.OutputError == Errno.EPIPE)
            _outcome = ClientOutcome.Signalled(Libc.SIGPIPE); // as any program in a pipe
        else if (_incoming.OutputError != 0)
            _outcome = new ClientOutcome(ClientOutcome.CouldNotConnect, $"cannot write to stdout: {KernelException.Describe((int)_incoming.OutputError)}");
        else if (_reconnection is not { IsConnected: false })
            LoseOr(OutcomeOfConnection);
    }

    private void LoseOr(Func<ClientOutcome> end)
    {
        if (_attachment.CanResume)
            Lose();
        else
            _outcome = end();
    }

    /// <summary>From here on <see cref="TryReconnect"/> works on it; the first time the person is told.</summary>
    private void Lose()
    {
        if (_reconnection is null)
        {
            _reconnection = new Reconnection(_connection, _options.Reconnect);
            _notices.Lost();
        }
        else
        {
            _reconnection.Again();
        }

        _outgoing.Break();
        _connection.Dispose();
    }

    private void TryReconnect()
    {
        if (_incoming.IsPending || _reconnection!.TryConnect(IsReady(Source.Socket)) is not { } connection) return;
        _attachment.Resume();
        GoOn(connection);
    }

    /// <summary>What was asked for needs the session protocol, and this process waited for a processor until it was too late to say so: the router has begun as uWSGI's does.</summary>
    private bool TryOfferAgain()
    {
        if (!_outgoing.OfferWasLate || !_attachment.IsWaiting) return false;
        if (_reconnection is not null)
        {
            _incoming.Forget();
            Lose();
            return true;
        }

        return --_offersLeft > 0 && TryAnew();
    }

    /// <summary>Asks on another connection, before there is a session.</summary>
    private bool TryAnew()
    {
        if (_connection.TryReopen() is not { } connection) return false;
        _incoming.Forget();
        _connection.Dispose();
        GoOn(connection);
        return true;
    }

    private void GoOn(RouterConnection connection)
    {
        _connection = connection;
        _outgoing.Restart(connection);
        _incoming.Restart(connection);
        AnnounceWindow();
    }

    /// <summary>The person, or the clock, wants no more.</summary>
    private void GiveUp(ClientOutcome otherwise)
    {
        _outcome = otherwise;
        if (_reconnection is null) return;
        string name = Session!.Session;
        string end = _reconnection.IsRefused
            ? $"nobody answers there any more; where a router runs again, {Notices.Command(_options, "ps", null)} tells whether the session {name} is still there"
            : $"did not regain it; the session goes on: {Notices.Command(_options, "attach", name)}";
        _outcome = new ClientOutcome(ClientOutcome.Lost, $"lost the connection to {_options.Address}, and {end}");
    }

    private ClientOutcome OutcomeOfConnection()
    {
        bool isSession = _incoming.Framing == Framing.Session;
        if (_incoming.IsRefusal) return new ClientOutcome(ClientOutcome.CouldNotConnect, null); // it has said why
        if (_connection.HasRouterEnded) return Lost(null);
        if (_attachment.IsWaiting) return _attachment.Unanswered();

        // A router that ends a session while one of our EOF characters lies unread resets the connection. That is a normal end.
        if (!isSession && (_incoming.Error == 0 || _endOfInput.HasBegun)) return ClientOutcome.Normal;
        return _incoming.Error == 0
            ? Lost("the router closed it without a word; see its log")
            : Lost($"the router went away, or ended the session with input unread; see its log, then connect again (read: {KernelException.Describe((int)_incoming.Error)})");
    }

    /// <param name="how">Null where the router has ended.</param>
    private ClientOutcome Lost(string? how) => new(
        ClientOutcome.Lost,
        how is null
            ? $"the router at {_options.Address} has ended, and this session with it; see its log, and connect again when it runs"
            : $"lost the connection to {_options.Address}: {how}");
}
