using System.Collections.Concurrent;

namespace Forkpty;

/// <summary>
/// Closes terminals, which hangs them up, off the lanes: where a program faults in the middle of a read of its terminal, on a page that comes from a dead file system or from nobody, the kernel lets
/// the close wait for it without end.
/// </summary>
internal sealed class TerminalCloser : IWorker
{
    private readonly Crew _crew = new("fpty-close", most: 32, patience: 100, gather: 10);
    private readonly ConcurrentQueue<Pty> _waiting = new();

    /// <inheritdoc cref="Crew.Run"/>
    public void Run() => _crew.Run();

    /// <summary>Closes one, in a moment; from any thread.</summary>
    public void Close(Pty terminal)
    {
        _waiting.Enqueue(terminal);
        _crew.Do(CloseWaiting); // for each one, so that somebody is left where a close before it hangs
    }

    /// <inheritdoc/>
    public bool TryFinish(int milliseconds) => _crew.TryFinish(milliseconds);

    /// <inheritdoc cref="Crew.TryEnd"/>
    public bool TryEnd(long until) => _crew.TryEnd(until);

    /// <summary>All of them together, for starts of programs wait meanwhile.</summary>
    private void CloseWaiting()
    {
        if (_waiting.IsEmpty) return;
        using SpawnGate.Closing closing = SpawnGate.Close();
        while (_waiting.TryDequeue(out Pty? terminal))
            closing.Close(terminal.Master);
    }
}
