using Forkpty.Protocol;
using Forkpty.Reactor;
using Forkpty.Upgrade;

namespace Forkpty.Named;

/// <summary>
/// What remains of a session whose program has ended: the output that it remembered and how it ended, for a driver whose connection broke before it had all of that. Nobody changes it any more, so any
/// lane may ask, and two may: that of the session, and the one on which connections arrive.
/// </summary>
internal sealed class EndedSession
{
    private const int LeastSize = 16 * 1024;

    private readonly Opened _session;
    private readonly byte[] _end;
    private readonly OutputRing _output;
    private readonly Dictionary<string, Driver> _drivers = []; // by token

    /// <param name="session">The session, as who comes back is told of it.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="history">What it has remembered.</param>
    /// <param name="attachments">Who may come back.</param>
    public EndedSession(Opened session, SessionEnd end, SessionHistory history, IEnumerable<Attachment> attachments)
    {
        _session = session;
        _end = end.ToPayload();
        _output = history.Output;
        foreach (Attachment attachment in attachments)
            _drivers.Add(attachment.Token!, new Driver(attachment.Input));
    }

    /// <summary>The one that another executable has left.</summary>
    public EndedSession(StateReader state)
    {
        _session = Opened.TryRead(state.Bytes(), out Opened? session) ? session : new Opened();
        _end = state.Bytes();
        _output = OutputRing.Read(state);
        for (int left = state.Int32(); left > 0; left--)
            _drivers.Add(state.Text()!, new Driver(state.Number()));
    }

    /// <summary>Bytes of memory: those for the output, and never less than what the rest may take.</summary>
    public int Size => Math.Max(_output.Size, LeastSize);

    /// <summary>In the order of the constructor that reads it.</summary>
    public void Save(StateWriter state)
    {
        state.Bytes(_session.ToPayload());
        state.Bytes(_end);
        _output.Save(state);
        state.Number(_drivers.Count);
        foreach ((string token, Driver driver) in _drivers)
        {
            state.Text(token);
            state.Number(driver.Input);
        }
    }

    /// <summary>Sends a driver that comes back what it has missed, and the end. It may come again, which ends the connection before: nobody knows what of that will arrive.</summary>
    /// <returns>false where this client was none of the session's.</returns>
    public bool TryResume(Peer peer, OpenRequest request)
    {
        if (request.Resume is not { } token || !_drivers.TryGetValue(token, out Driver? driver)) return false;
        long offset = Math.Clamp(request.Received, _output.Start, _output.End);
        Opened opened = _session with { Offset = offset, Gap = Math.Max(0, offset - request.Received), Input = driver.Input, Token = token };
        driver.Replace(peer);
        peer.Leave(Packets(opened, peer));
        return true;
    }

    /// <summary>All that a driver gets, made as it is sent: one that does not read costs a piece.</summary>
    private IEnumerator<byte[]> Packets(Opened opened, Peer peer)
    {
        yield return SessionPacketWriter.Packet(SessionPacketType.Opened, opened.ToPayload());
        for (long offset = opened.Offset; offset < _output.End;)
        {
            byte[] piece = new byte[Math.Min(_output.End - offset, BufferPool.Size)];
            offset += _output.Read(offset, piece);
            peer.Lane.Counters.BytesOut += piece.Length;
            yield return SessionPacketWriter.Packet(SessionPacketType.Data, piece);
        }

        yield return SessionPacketWriter.Packet(SessionPacketType.Exit, _end);
    }

    /// <summary>Who may come back.</summary>
    private sealed class Driver(long input)
    {
        private Peer? _peer; // its last connection, on whatever lane

        /// <summary>How much of its input was taken.</summary>
        public long Input => input;

        public void Replace(Peer peer) => Interlocked.Exchange(ref _peer, peer)?.HangUpLater();
    }
}
