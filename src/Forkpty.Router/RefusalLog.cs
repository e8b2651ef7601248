using Forkpty.Reactor;
using Microsoft.Extensions.Logging;

namespace Forkpty;

/// <summary>Logs refusals: the first of each second one by one, the others as a number. On the interactive lane's thread.</summary>
internal sealed class RefusalLog(EventLoop loop, ILogger log) : ITimerTarget
{
    private const int MostEach = 5;
    private const int Period = 1_000;

    private int _count;
    private string _lastReason = "";

    public void Add(int? session, string reason)
    {
        if (_count++ == 0)
            loop.Schedule(Period, this, purpose: 0);
        if (_count <= MostEach)
            log.Refused(session is { } id ? $"session {id}" : "a client", reason);
        _lastReason = reason;
    }

    public void OnTimer(int purpose)
    {
        if (_count > MostEach)
            log.ManyRefused(_count - MostEach, _lastReason);
        _count = 0;
    }
}
