using System.Diagnostics;
using Forkpty.Interop;

namespace Forkpty.Bench;

/// <summary>Opens sessions, waits until each has ended by itself, and closes them: some at a time, at full speed or at a given pace.</summary>
internal sealed class Mill(Server server, int atOnce)
{
    private readonly Connection?[] _sessions = new Connection?[atOnce];
    private readonly Libc.pollfd[] _waited = new Libc.pollfd[atOnce];
    private readonly bool[] _spoke = new bool[atOnce];
    private readonly byte[] _buffer = new byte[4096];

    /// <summary>What a session's shell is told at its start; empty where the router's command ends by itself.</summary>
    public byte[] FirstLine { get; init; } = [];

    /// <summary>How many sessions have said something before they ended. A program that says something has run.</summary>
    public int Spoken { get; private set; }

    /// <summary>Sessions per second over <paramref name="count"/> sessions.</summary>
    public double Run(int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int opened = 0, ended = 0; ended < count;)
        {
            while (opened < count && TryOpen())
                opened++;
            ended += Wait(-1);
        }
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Opens at an even pace until told to stop; returns the sessions per second that it came to.</summary>
    public double RunAtPace(int perSecond, Func<bool> isOver)
    {
        long start = Stopwatch.GetTimestamp();
        int opened = 0;
        while (!isOver())
        {
            double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
            // Sessions that the router was too slow for are not made up for later: the pace is a rate of arrival.
            if (elapsed * perSecond >= opened && TryOpen())
                opened++;
            Wait(Math.Clamp((int)Math.Ceiling((opened / (double)perSecond - elapsed) * 1000), 0, 10));
        }
        double rate = opened / Stopwatch.GetElapsedTime(start).TotalSeconds;
        while (_sessions.Any(session => session is not null))
            Wait(-1);
        return rate;
    }

    private bool TryOpen()
    {
        int free = Array.IndexOf(_sessions, null);
        if (free < 0)
            return false;
        Connection session = server.Open();
        if (FirstLine.Length > 0)
            session.Send(FirstLine);
        _sessions[free] = session;
        _spoke[free] = false;
        return true;
    }

    private int Wait(int milliseconds)
    {
        for (int i = 0; i < atOnce; i++)
            _waited[i] = new Libc.pollfd { fd = _sessions[i]?.Fd ?? -1, events = Libc.POLLIN };
        if (Libc.poll(_waited, milliseconds) <= 0)
            return 0;
        int ended = 0;
        for (int i = 0; i < atOnce; i++)
        {
            if (_waited[i].revents == 0)
                continue;
            if (_sessions[i]!.Receive(_buffer) > 0)
            {
                _spoke[i] = true;
                continue;
            }
            if (_spoke[i])
                Spoken++;
            _sessions[i]!.CloseEnded();
            _sessions[i] = null;
            ended++;
        }
        return ended;
    }
}
