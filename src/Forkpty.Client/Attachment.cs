using System.Diagnostics;
using Forkpty.Protocol;

namespace Forkpty.Client;

/// <summary>
/// The client's part of the session protocol: what is asked for, what the router says about it, and what is known of the session then. docs/protocol.md has the states.
/// </summary>
internal sealed class Attachment(TerminalClientOptions options, Outgoing outgoing, Incoming incoming, Notices notices, LocalTerminal terminal)
{
    /// <summary>For who asks for more than a packet holds.</summary>
    public const string TooLong = "the command and its environment are too long: a router takes 65,535 bytes of them in all; give what is long in a file, or as the program's input";

    // A router of uWSGI whose program prints nothing does not answer either.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    // A router on this machine says HELLO within 0.1 ms. Before it has, keys open its default session without TERM, so they wait for it a moment.
    private static readonly TimeSpan FirstWord = TimeSpan.FromMilliseconds(20);

    private readonly long _begun = Stopwatch.GetTimestamp();
    private bool _isResuming;
    private bool _isElsewhere; // not in the client's own directory
    private string? _lastNotice;

    /// <summary>The session, once the router has told about it.</summary>
    public Opened? Session { get; private set; }

    public WindowFit Window { get; } = new(notices, incoming.Modes);

    /// <summary>True where the person must not be made to wait for ever: nothing can be used yet.</summary>
    public bool IsWaiting => _isResuming || (IsAsking && Session is null);

    /// <summary>Whether a lost connection can be made good.</summary>
    public bool CanResume => Session?.Token is not null && options.Reconnect > TimeSpan.Zero;

    /// <summary>Milliseconds until the router's first word has been waited for long enough; 0 then, and once it has come.</summary>
    public int FirstWordIn => incoming.Framing == Framing.Unknown && options.Mode == WireMode.Uwsgi ? Left(FirstWord) : 0;

    /// <summary>Milliseconds until <see cref="WithoutAnswer"/>, -1 for never.</summary>
    public int AnswerIn => IsAsking && Session is null && !outgoing.HasAsked ? Left(AnswerTime) : -1;

    /// <summary>Whether something was asked for that a router of uWSGI does not have.</summary>
    private bool IsAsking => options.Session is not null;

    /// <summary>The connection is there, for the first time or again.</summary>
    public void Begin() => outgoing.IsHeld = IsAsking || _isResuming;

    /// <summary>The connection was lost, and is made anew.</summary>
    public void Resume() => _isResuming = true;

    /// <summary>Whether the session may be there for who does not insist on this client's directory; then the next request does not.</summary>
    public bool TryGoElsewhere(string? refusal) => MayGoElsewhere && TerminalClientOptions.MayBeForDirectory(refusal) && (_isElsewhere = true);

    private bool MayGoElsewhere => Session is null && !_isElsewhere && options.MayGoElsewhere;

    /// <summary>The router's first byte was that of a router of uWSGI. How the client ends then, null where it goes on.</summary>
    public ClientOutcome? Plain() => IsAsking || _isResuming ? Cannot("does not know sessions: it is uWSGI's, or the socket is in raw mode; connect to it without a command or options, or use a router of fpty") : null;

    /// <summary>Nothing has come for the time of an answer.</summary>
    public ClientOutcome WithoutAnswer() => Cannot("does not answer; it is no router of fpty, its socket is in raw mode, or it hangs");

    /// <summary>Before the connection's end there was no answer.</summary>
    public ClientOutcome Unanswered() => Cannot("has closed the connection without an answer; see its log");

    /// <summary>Takes a packet that is no output. How the client ends, null where it goes on.</summary>
    public ClientOutcome? Take(SessionPacket packet)
    {
        if (!packet.IsSession) return null;
        switch (packet.Type)
        {
            case SessionPacketType.Hello:
                return Hello.TryRead(packet.Payload, out Hello? hello) ? Ask(hello) : Malformed("HELLO");
            case SessionPacketType.Opened:
                if (!Opened.TryRead(packet.Payload, out Opened? opened)) return Malformed("OPENED");
                Attach(opened);
                return null;
            case SessionPacketType.Exit:
                return SessionEnd.TryRead(packet.Payload, out SessionEnd? end) ? OutcomeOf(end) : Malformed("EXIT");
            case SessionPacketType.Error:
                return SessionError.TryRead(packet.Payload, out SessionError? error) ? OutcomeOf(error) : Malformed("ERROR");
            case SessionPacketType.Acknowledge:
                if (SessionPacketWriter.TryReadAcknowledge(packet.Payload, out long taken)) outgoing.Input.Acknowledge(taken);
                return null;
            case SessionPacketType.Notice:
                if (Notice.TryRead(packet.Payload, out Notice? notice)) Tell(notice);
                return null;
            case SessionPacketType.WindowSize:
                if (SessionPacketWriter.TryReadSize(packet.Payload, out ushort rows, out ushort columns, out _, out _) && terminal.IsRaw && Session is not null)
                    Window.Note(new WindowSize(rows, columns));
                return null;
            default:
                return null; // PONG has been heard; what is not known is passed over
        }
    }

    /// <summary>What the person asks for by an escape.</summary>
    public void Report() => notices.Report(Session!, Window.There, _lastNotice);

    private ClientOutcome? Ask(Hello hello)
    {
        if (options.Session is { Terminal: false } && !hello.Can.Contains("no-pty")) return Cannot("cannot run a program without a terminal");
        if (options.Session?.OnDisconnect is { IsKept: true } && !hello.Can.Contains("keep")) return Cannot("cannot keep sessions");

        outgoing.BeginSession();
        if (LocalTerminal.Size() is { PixelWidth: > 0 } size) outgoing.RequestSize(size); // rows and columns the router has
        bool isDefault = !_isResuming && !IsAsking && outgoing.Input.SentTotal > 0; // what was typed has opened it
        bool isAsked = isDefault || outgoing.TryOpen(_isResuming ? Again(Session!) : First());
        outgoing.IsHeld = _isResuming || MayGoElsewhere; // what is sent is gone with the connection
        return isAsked ? null : new ClientOutcome(ClientOutcome.CouldNotConnect, TooLong);
    }

    private OpenRequest First()
    {
        OpenRequest request = options.Session ?? new OpenRequest();
        if (request.Directory is null && !_isElsewhere) request = request with { Directory = options.OwnDirectory };
        return request.Terminal ? request with { Term = request.Term ?? Environment.GetEnvironmentVariable("TERM") } : request;
    }

    /// <summary>A viewer has no exact place in the output: it may have got a screen in place of some of it. So it attaches anew.</summary>
    private OpenRequest Again(Opened session) => new()
    {
        Session = session.Session,
        Mode = OpenMode.Attach,
        IsViewer = session.IsViewer,
        Resume = session.IsViewer ? null : session.Token,
        Received = incoming.Offset,
    };

    private void Attach(Opened opened)
    {
        bool again = _isResuming;
        _isResuming = false;
        Session = opened;
        incoming.Offset = opened.Offset;
        outgoing.IsHeld = false;
        if (again)
        {
            outgoing.Input.Rewind(opened.Input);
            if (opened.IsViewer) incoming.ResetTitles();
            notices.Regained(opened.Gap);
        }
        else
        {
            notices.Attached(opened);
            if (_isElsewhere) notices.Line(options.Elsewhere);
        }
    }

    /// <summary>An answer to the person comes at once; what others do, not over a program that has the whole screen.</summary>
    private void Tell(Notice notice)
    {
        _lastNotice = notice.Text;
        if (notice.Event == "not-kept" || (terminal.IsRaw && !incoming.Modes.HasAlternateScreen)) notices.Line(notice.Text);
    }

    private ClientOutcome OutcomeOf(SessionEnd end)
    {
        string name = Session?.Session ?? options.Session?.Session ?? "";
        return end switch
        {
            { Code: { } code } => new ClientOutcome(code & 0xff, null),
            { Signal: { } signal } => ClientOutcome.Signalled(signal & 0x7f),
            { Reason: SessionEnd.Detached } => ClientOutcome.Normal,
            { Reason: SessionEnd.Taken } => Disconnected($"another client has taken the session {name}; {Notices.Command(options, "attach --take", name)} takes it back"),
            { Reason: SessionEnd.HungUp } => Disconnected($"the session {name} was ended by fpty kill"),
            { Reason: SessionEnd.Stopping } => Disconnected($"the router at {options.Address} was stopped, and the session {name} with it"),
            _ => Disconnected($"the session {name} has ended, and its router does not know how"),
        };
    }

    private ClientOutcome OutcomeOf(SessionError error) => Session is null
        ? new ClientOutcome(ClientOutcome.CouldNotConnect, error.Text) { Refusal = error.Code }
        : Disconnected(error.Text);

    private static ClientOutcome Disconnected(string sentence) => new(ClientOutcome.Lost, sentence);

    private ClientOutcome Cannot(string what) => new(Session is null ? ClientOutcome.CouldNotConnect : ClientOutcome.Lost, $"the router at {options.Address} {what}");

    private ClientOutcome Malformed(string message) => Cannot($"has sent {message} in a form that this version does not understand; use the same version on both sides");

    private int Left(TimeSpan time) => (int)Math.Max(0, Math.Ceiling((time - Stopwatch.GetElapsedTime(_begun)).TotalMilliseconds));
}
