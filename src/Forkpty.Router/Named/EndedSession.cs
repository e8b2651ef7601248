using Forkpty.Protocol;
using Forkpty.Reactor;
using Forkpty.Upgrade;

namespace Forkpty.Named;

/// <summary>
/// What remains of a session whose program has ended: the output that it remembered and how it ended, for a driver whose connection broke before it had all of that. Nobody changes it any more, so any
/// thread may ask.
/// </summary>
internal sealed class EndedSession
{
    private const int LeastSize = 16 * 1024;

    private readonly Opened _session;
    private readonly byte[] _end;
    private readonly OutputRing _output;
    private readonly Dictionary<string, long> _inputs = []; // by token: how much of its input was taken

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
            _inputs.Add(attachment.Token!, attachment.Input);
    }

    /// <summary>The one that another executable has left.</summary>
    public EndedSession(StateReader state)
    {
        _session = Opened.TryRead(state.Bytes(), out Opened? session) ? session : new Opened();
        _end = state.Bytes();
        _output = OutputRing.Read(state);
        for (int left = state.Int32(); left > 0; left--)
            _inputs.Add(state.Text()!, state.Number());
    }

    /// <summary>Bytes of memory: those for the output, and never less than what the rest may take.</summary>
    public int Size => Math.Max(_output.Size, LeastSize);

    /// <summary>In the order of the constructor that reads it.</summary>
    public void Save(StateWriter state)
    {
        state.Bytes(_session.ToPayload());
        state.Bytes(_end);
        _output.Save(state);
        state.Number(_inputs.Count);
        foreach ((string token, long input) in _inputs)
        {
            state.Text(token);
            state.Number(input);
        }
    }

    /// <summary>Sends a driver that comes back what it has missed, and the end. It may come again: nobody knows what of that will arrive.</summary>
    /// <returns>false where this client was none of the session's.</returns>
    public bool TryResume(Peer peer, OpenRequest request)
    {
        if (request.Resume is not { } token || !_inputs.TryGetValue(token, out long input)) return false;
        long offset = Math.Clamp(request.Received, _output.Start, _output.End);
        Opened opened = _session with { Offset = offset, Gap = Math.Max(0, offset - request.Received), Input = input, Token = token };
        peer.Send(SessionPacketType.Opened, opened.ToPayload());
        while (offset < _output.End && peer.State < PeerState.Leaving)
        {
            byte[] piece = new byte[Math.Min(_output.End - offset, BufferPool.Size)];
            offset += _output.Read(offset, piece);
            if (peer.Send(SessionPacketType.Data, piece))
                peer.Lane.Counters.BytesOut += piece.Length;
        }

        peer.Leave(SessionPacketType.Exit, _end);
        return true;
    }
}
