using System.Text;
using Forkpty.Protocol;

namespace Forkpty.Client;

/// <summary>Joins stdin and stdout of this process to a router, for the life of one connection.</summary>
public static class TerminalClient
{
    private const int Stdin = 0;
    private const int Stdout = 1;

    /// <summary>
    /// Connects, takes the terminal over, carries bytes both ways until the connection ends, and gives the terminal back, whatever happens.
    /// Occupies the calling thread. Only one can run in a process: it uses descriptors 0 to 2 and the process's signals.
    /// </summary>
    /// <param name="options">What to connect to.</param>
    /// <returns>How it ended; the process should exit with its status.</returns>
    /// <exception cref="IOException">The kernel refused something that has nothing to do with the router, such as one more descriptor or thread.</exception>
    public static ClientOutcome Run(TerminalClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        // Before the signals are watched: Ctrl-C while it connects ends the process as any other.
        RouterConnection? connection = RouterConnection.TryOpen(options.Address, out string? refusal);
        if (connection is null) return new ClientOutcome(ClientOutcome.CouldNotConnect, refusal);

        var outgoing = new Outgoing(connection, options.Mode);
        if (LocalTerminal.Size() is { } size) outgoing.Announce(size);
        outgoing.Send(); // at once: 0.1 s after the connection a router begins without having heard what for

        using var signals = new SignalWatch(); // before raw mode: from here on no signal ends the process half-way
        using var output = new LocalOutput(Stdout);
        var terminal = new LocalTerminal(Stdin);
        var notices = new Notices(options, terminal);
        using var relay = new Relay(options, connection, outgoing, terminal, output, signals, notices);
        try
        {
            if (options.Session is null or { Terminal: true }) terminal.EnterRaw();
            if (options.Session is null) notices.Connected(); // from here on every key is the program's
            ClientOutcome outcome = relay.Run();
            GiveBack(terminal, output, relay.Modes);
            SayGoodbye(options, outcome, relay.Session, notices, output);
            return outcome;
        }
        catch // not finally: where nobody catches an exception, finally does not run
        {
            GiveBack(terminal, output, relay.Modes);
            throw;
        }
    }

    private static void SayGoodbye(TerminalClientOptions options, ClientOutcome outcome, Opened? session, Notices notices, LocalOutput output)
    {
        bool isLeft = ReferenceEquals(outcome, ClientOutcome.Normal) && session is not null; // and not: its program has ended with 0
        bool isClosed = outcome.ExitStatus == ClientOutcome.Ended && options.Session is null or { Session: null, Command: null, Target: null };
        if (isLeft || isClosed || outcome.Sentence is not null) output.EndLine();
        if (isLeft)
            notices.Left(session!);
        else if (isClosed)
            notices.Closed(session);
    }

    private static void GiveBack(LocalTerminal terminal, LocalOutput output, RemoteModes modes)
    {
        // A router that was killed looks like a program that has ended. So at every end: only what was turned on is turned off.
        string reset = modes.Reset();
        if (reset.Length > 0 && output.IsTerminal) output.WriteAll(Encoding.ASCII.GetBytes(reset), LocalOutput.Patience);
        terminal.Restore();
    }
}
