using System.Buffers;
using Forkpty.Interop;
using Forkpty.Protocol;

namespace Forkpty.Sessions;

/// <summary>What new sessions are started with; replaced as a whole when the router is told to read its configuration again.</summary>
internal sealed class SessionSettings
{
    public SessionSettings(RouterOptions options)
    {
        Size = options.Size;
        TimeoutMilliseconds = options.Timeout is { } timeout ? (int)timeout.TotalMilliseconds : null;
        SignalTarget = options.SignalTarget;
        WaitForSlaves = options.WaitForSlaves;
        OnDisconnect = options.OnDisconnect;
        HistoryBytes = options.HistoryBytes;
        ClientsChooseCommand = options.ClientsChooseCommand;
        Environment = options.Environment ?? SessionEnvironment.Create();
        Plan = MakePlan(options.Command, options.WorkingDirectory, Environment);
    }

    public SpawnPlan Plan { get; }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public WindowSize Size { get; }

    public int? TimeoutMilliseconds { get; }

    public SignalTarget SignalTarget { get; }

    public bool WaitForSlaves { get; }

    public OnDisconnect OnDisconnect { get; }

    public int HistoryBytes { get; }

    public bool ClientsChooseCommand { get; }

    /// <summary>Sends a signal to whom it is meant for.</summary>
    /// <returns>false where there is no such signal.</returns>
    public bool TrySignal(Leader leader, Pty terminal, int number)
    {
        if (number > Libc.SIGRTMAX) return false;
        int result = SignalTarget == SignalTarget.Leader ? leader.Signal(number) : leader.SignalForeground(terminal, number);
        return result != -(int)Errno.EINVAL;
    }

    /// <summary>What a client asks for, on top of what every session has.</summary>
    /// <exception cref="ArgumentException">It asks for something that cannot be; the message says what.</exception>
    public PtyCommand CommandFor(OpenRequest request)
    {
        var environment = new Dictionary<string, string>(Environment);
        if (request.Term is { } term)
            environment["TERM"] = IsTerm(term) ? term : throw new ArgumentException("TERM is a name of letters, digits and + - . _, at most 64");
        foreach ((string name, string value) in request.Environment)
            environment[name] = name.Length > 0 && !name.Contains('=') ? value : throw new ArgumentException("a variable's name is empty or has an equals sign in it");
        PtyCommand command = request.Command switch
        {
            null => Plan.Command,
            { Count: > 0 } words when words[0].Length > 0 => new PtyCommand(words[0]) { Arguments = [.. words.Skip(1)] },
            _ => throw new ArgumentException("the command is empty"),
        };
        return command with { Environment = environment, WorkingDirectory = request.Directory ?? Plan.Command.WorkingDirectory };
    }

    /// <summary>A program looks for a file of this name: it must not lead out of the directory of such files.</summary>
    private static bool IsTerm(string term) =>
        term.Length is > 0 and <= 64 && term[0] != '.' && !term.AsSpan().ContainsAnyExcept(TermCharacters);

    private static readonly SearchValues<char> TermCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-._");

    /// <summary>A program, or, where there is a space in it, a command of /bin/sh: as in uWSGI.</summary>
    public static SpawnPlan MakePlan(string command, string? directory, IReadOnlyDictionary<string, string> environment)
    {
        PtyCommand program = command.Contains(' ') ? new PtyCommand("/bin/sh") { Arguments = ["-c", command] } : new PtyCommand(command);
        return new SpawnPlan(program with { Environment = environment, WorkingDirectory = directory });
    }
}
