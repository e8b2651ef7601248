using Forkpty.Client;
using Forkpty.Interop;
using Forkpty.Options;
using Forkpty.Protocol;
using Forkpty.Serving;
using Forkpty.Targets;

namespace Forkpty.Commands;

/// <summary>
/// <c>fpty connect [ADDRESS] [-- COMMAND]</c>, <c>fpty attach NAME [ADDRESS]</c>, <c>--pty-connect ADDRESS</c>, <c>--pty-uconnect ADDRESS</c>: this terminal on a router.
/// </summary>
internal static class Connect
{
    /// <returns>The program's status, 254 (disconnected), 255 (could not attach), or 128 + N where signal N ended the program or the client.</returns>
    public static int Run(CommandLine line)
    {
        var configuration = line.Configuration;
        var address = ClientAddress.Setting(configuration);
        var mode = address.Option == OptionTable.Connect ? WireMode.Raw : WireMode.Uwsgi;
        var isOwn = mode == WireMode.Uwsgi && DefaultAddress.IsOwn(address.Value);
        var session = SessionOf(line, mode, isOwn);
        var options = new TerminalClientOptions(ClientAddress.Of(configuration), mode)
        {
            Escape = configuration.EscapeKey,
            Reconnect = configuration.Duration(OptionTable.Reconnect) ?? TimeSpan.Zero,
            IsDefaultAddress = address.Value == DefaultAddress.ForClient(),
            Session = session,
            OwnDirectory = isOwn && session is { Target: null, Directory: null, Mode: not OpenMode.Attach } ? OwnEnvironment.Directory : null,
        };
        try
        {
            OwnRouter.Require(configuration);
            return configuration.Flag(OptionTable.Detached) ? DetachedStart.Run(options) : Run(options, line);
        }
        catch (IOException failure)
        {
            Complain(failure.Message);
            return ClientOutcome.CouldNotConnect; // and not 1, which a program's own status may be
        }
    }

    /// <param name="options">What to connect to.</param>
    /// <param name="line">What was typed; null for a command that has an address of its own.</param>
    public static int Run(TerminalClientOptions options, CommandLine? line = null)
    {
        var outcome = TerminalClient.Run(options);
        if (outcome.Sentence is not null)
            Complain(outcome.Sentence, outcome.Refusal, line, options.Session?.Session, options.Address);
        return outcome.ExitStatus;
    }

    /// <summary>The same of a router, or of the way to it, with what was probably meant.</summary>
    public static void Complain(string sentence, string? refusal, CommandLine? line, string? session, RouterAddress address)
    {
        var hint = NearestSession.Hint(sentence, refusal, session, address);
        Complain(sentence + (hint.Length > 0 ? hint : ProbablyMeant.Hint(line, sentence, refusal)));
    }

    /// <summary>A sentence may have the name of a program or a directory in it.</summary>
    public static void Complain(string sentence) => Screen.WriteError($"fpty: {Readable.Of(sentence, sentence.Length)}\n");

    /// <summary>What is asked for beyond the router's default session; null where nothing is, so that any router will do.</summary>
    private static OpenRequest? SessionOf(CommandLine line, WireMode mode, bool isOwn)
    {
        var configuration = line.Configuration;
        var isAttach = line.Verb == Verb.Attach;
        var creates = isAttach && configuration.Flag(OptionTable.Create);
        if (isAttach && TargetName.IsOfAKind(line.Arguments[0]))
            return InsideOf(line);
        Attach.Refuse(configuration, "that is for a target, as in podman:web; this is a session of a router.", Attach.OfATarget);
        if (isAttach)
            Attach.Refuse(configuration, "a session has what its program was started with; connect starts one, and attach one in a target.", OptionTable.Pty, OptionTable.NoPty);
        var request = new OpenRequest
        {
            Session = isAttach ? line.Arguments[0] : configuration.Text(OptionTable.Name),
            Mode = creates ? OpenMode.AttachOrNew : isAttach ? OpenMode.Attach : OpenMode.New,
            IsViewer = configuration.Flag(OptionTable.ReadOnly),
            Command = line.Command.Count > 0 ? line.Command : null,
            Environment = EnvironmentOf(configuration),
            Directory = DirectoryOf(configuration, isOwn),
            OnDisconnect = OnDisconnectOf(configuration) ?? (creates || configuration.Flag(OptionTable.Detached) ? OnDisconnect.Keep : null),
            Take = configuration.Flag(OptionTable.Take),
        };
        request = request with { Terminal = HasTerminal(request, configuration) };
        if (isAttach && !creates && (request.Command is not null || request.Environment.Count > 0 || request.Directory is not null || request.OnDisconnect is not null))
            throw new ConfigurationException($"attach {request.Session}: a command, --env, --cwd, --keep and --on-disconnect are for a new session; add --create, or use fpty connect --name.");
        if (!request.Terminal && request.OnDisconnect is { IsKept: true })
        {
            var kept = configuration.Find(OptionTable.Keep) ?? configuration.Find(OptionTable.OnDisconnect) ?? configuration.Find(OptionTable.Detached)!;
            throw new ConfigurationException($"connect --no-pty: a program without a terminal is not kept, for there is no screen to come back to; leave --{kept.Option.Name} out, or --no-pty.");
        }

        var isDefault = !isAttach && request is { Session: null, Command: null, Environment.Count: 0, Directory: null, Terminal: true, OnDisconnect: null, Take: false };
        if (mode == WireMode.Raw && !isDefault)
            throw new ConfigurationException("connect --raw: plain bytes carry no command and no options of a session; leave --raw out, with the router's uwsgi-mode address.");
        if (configuration.Flag(OptionTable.Detached) && request.OnDisconnect is { IsKept: false })
            throw configuration.Find(OptionTable.OnDisconnect)!.Wrong("--detached leaves the session, which would end it; leave one of both out.");
        return isOwn && request.Mode != OpenMode.Attach ? Surroundings.In(request) : isDefault ? null : request;
    }

    /// <summary>A new session in a target that the router enters.</summary>
    private static OpenRequest InsideOf(CommandLine line)
    {
        var configuration = line.Configuration;
        Attach.Refuse(configuration, "a router enters a target as it is; without its address, fpty enters it itself.", OptionTable.Privileged, OptionTable.Namespaces, OptionTable.Toolbox, OptionTable.ClearEnvironment, OptionTable.Login, OptionTable.Follow);
        Attach.Refuse(configuration, "what a router starts in a target has a terminal; without the router's address, fpty enters it itself.", OptionTable.NoPty);
        Attach.Refuse(configuration, "what a router starts in a target is a new session, which is this client's.", OptionTable.ReadOnly, OptionTable.Take, OptionTable.Create);

        return new OpenRequest
        {
            Target = line.Arguments[0],
            User = configuration.Text(OptionTable.TargetUser),
            Session = configuration.Text(OptionTable.Name),
            Command = line.Command.Count > 0 ? line.Command : null,
            Environment = EnvironmentOf(configuration),
            Directory = DirectoryOf(configuration, isOwn: false),
            OnDisconnect = OnDisconnectOf(configuration),
        };
    }

    /// <summary>As ssh does it: <c>printf 'b\na\n' | fpty connect -- sort</c> is sort. What is kept needs a terminal: its screen is what one comes back to.</summary>
    private static bool HasTerminal(OpenRequest request, Configuration configuration) =>
        HasTerminal(configuration, isPlainCommand: request is { Mode: OpenMode.New, Command: not null, Session: null, OnDisconnect: null or { IsKept: false } });

    /// <param name="configuration">What was asked for.</param>
    /// <param name="isPlainCommand">Whether it is a command that nobody comes back to.</param>
    public static bool HasTerminal(Configuration configuration, bool isPlainCommand)
    {
        var asked = configuration.Find(OptionTable.Pty);
        if (configuration.Flag(OptionTable.NoPty))
            return configuration.Flag(OptionTable.Pty) ? throw asked!.Wrong("--no-pty says the opposite; give one of both.") : false;
        return configuration.Flag(OptionTable.Pty) || !isPlainCommand || Libc.isatty(0) == 1;
    }

    public static Dictionary<string, string> EnvironmentOf(Configuration configuration)
    {
        var variables = new Dictionary<string, string>();
        foreach (var assignment in configuration.All(OptionTable.Environment))
        {
            var equals = assignment.IndexOf('=', StringComparison.Ordinal);
            variables[assignment[..equals]] = assignment[(equals + 1)..];
        }

        return variables;
    }

    private static OnDisconnect? OnDisconnectOf(Configuration configuration)
    {
        var keep = configuration.Find(OptionTable.Keep);
        if (configuration.Find(OptionTable.OnDisconnect) is { } setting)
        {
            if (keep is not null)
                throw setting.Wrong("--keep says it already; give one of both.");
            return OnDisconnect.TryParse(setting.Value, out var value) ? value : null;
        }

        if (keep is null)
            return null;
        if (configuration.Duration(OptionTable.Keep) is not { } time)
            return OnDisconnect.Keep;
        return time >= TimeSpan.FromSeconds(1) ? OnDisconnect.KeepFor(time) : throw keep.Wrong("a session is kept for 1 s at least; --keep alone keeps it until its program ends.");
    }

    private static string? DirectoryOf(Configuration configuration, bool isOwn)
    {
        if (configuration.Find(OptionTable.Directory) is not { } setting)
            return null;
        if (Path.IsPathRooted(setting.Value))
            return setting.Value;
        return isOwn ? Path.GetFullPath(setting.Value) : throw setting.Wrong("only your own router is where you are; give the whole path, as that router sees it.");
    }
}
