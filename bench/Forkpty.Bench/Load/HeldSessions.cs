namespace Forkpty.Bench;

/// <summary>Many idle sessions of one server, each with its prompt; closed together.</summary>
internal sealed class HeldSessions : IDisposable
{
    private const int AtOnce = 16;
    private const int PatienceMilliseconds = 15_000;

    private readonly List<Connection> _sessions = [];

    /// <summary>Opens them, 16 at a time, and returns when each has its prompt.</summary>
    public static HeldSessions Open(Server server, int count)
    {
        HeldSessions held = new();
        try
        {
            held.OpenAll(server, count);
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose() => _sessions.ForEach(session => session.Dispose());

    private void OpenAll(Server server, int count)
    {
        Span<byte> prompt = stackalloc byte[256];
        for (int ready = 0; ready < count; ready++)
        {
            while (_sessions.Count < Math.Min(count, ready + AtOnce))
                _sessions.Add(server.Open());
            if (!_sessions[ready].IsReadable(PatienceMilliseconds) || _sessions[ready].Receive(prompt) == 0)
                throw new BenchException($"session {ready + 1} of {count} has no prompt");
        }
    }
}
