using System.Globalization;
using Forkpty.Client;
using Forkpty.Interop;
using Forkpty.Options;
using Forkpty.Protocol;
using Forkpty.Targets;

namespace Forkpty.Commands;

/// <summary>
/// <c>fpty attach NAME [ADDRESS]</c>, <c>fpty attach TARGET [-- COMMAND]</c>, <c>fpty attach TARGET ADDRESS [-- COMMAND]</c>: this terminal on a session of a router, or on a new program inside of what runs
/// already, which this process enters or a router does. A name alone may be either.
/// </summary>
internal static class Attach
{
    /// <summary>Milliseconds that a target may live on when it has killed its programs: its first process ends last.</summary>
    private const int EndOfTarget = 2_000;

    /// <summary>Options that only a program in a target has.</summary>
    public static readonly Option[] OfATarget =
    [
        OptionTable.TargetUser, OptionTable.Privileged, OptionTable.Namespaces, OptionTable.Toolbox, OptionTable.ClearEnvironment, OptionTable.Login, OptionTable.Follow,
    ];

    /// <returns>The program's status, 254 (disconnected), 255 (could not attach), or 128 + N where signal N ended the program or this client.</returns>
    public static int Run(CommandLine line)
    {
        string word = line.Arguments[0];
        if (line.Arguments.Count > 1 || IsOfASession(line.Configuration))
            return Connect.Run(line);
        try
        {
            return line.Configuration.Flag(OptionTable.Follow) ? Follow(line, word)
                : TargetName.IsOfAKind(word) ? Enter(line, Host.Local.Find(word)).ExitStatus : LookUp(line, word);
        }
        catch (IOException refused)
        {
            Screen.WriteError($"fpty: attach {(refused is TargetException ? "" : $"{Readable.Of(word)}: ")}{refused.Message}\n");
            return ClientOutcome.CouldNotConnect;
        }
    }

    /// <summary>A name that is both is refused: nobody should type into the wrong one.</summary>
    private static int LookUp(CommandLine line, string word)
    {
        List<Target> targets = Host.Local.Fits(word, out string missing, out bool isKnown);
        bool isSession = IsSession(line.Configuration, word);
        if (targets.Count == 0 && !isSession && (isKnown || Array.Exists(OfATarget, line.Configuration.Has)))
            throw new TargetException(missing);
        if (targets.Count == 0)
            return OwnRouter.IsThere(line.Configuration) ? Connect.Run(line) : throw new TargetException($"{missing}; nor is there a router with sessions: fpty serve starts one");
        if (!isSession && targets.Count == 1)
            return Enter(line, targets[0]).ExitStatus;
        List<string> choices = Host.Choices(targets);
        if (isSession)
            choices.Insert(0, $"{word} {ClientAddress.Of(line.Configuration)} (a session)");
        throw new TargetException($"{Readable.Of(word)}: more than one has this name; give one of {string.Join(", ", choices)}");
    }

    /// <summary>Enters a target again and again, each time that it has been started anew; a program that ends by itself is the end.</summary>
    private static int Follow(CommandLine line, string word)
    {
        Target? previous = null;
        while (true)
        {
            string missing = "", ended = $"{Readable.Of(previous?.FullName ?? word)} {(previous is null ? "does not run yet" : "has ended")}";
            bool isKnown = false;
            if (previous is not null || Host.Local.Fits(word, out missing, out isKnown).Count == 0)
                Screen.WriteError($"fpty: {(isKnown ? missing : ended)}; waiting until it runs (Ctrl-C gives up)\n");
            Target target = Host.Local.WaitFor(word, previous, CancellationToken.None);
            try
            {
                ClientOutcome outcome = Enter(line, target);
                if (outcome.IsSignalled || !Host.Local.EndsWithin(target, outcome.ExitStatus == 128 + Libc.SIGKILL ? EndOfTarget : 0)) return outcome.ExitStatus;
            }
            catch (TargetException refused) when (refused.InnerException is EntryException { Reason: "gone" })
            {
                // Ended between the look and the way in: the next one is waited for.
            }

            previous = target;
        }
    }

    /// <summary>Options that only a session of a router has.</summary>
    private static bool IsOfASession(Configuration configuration) =>
        configuration.Flag(OptionTable.Create) || configuration.Flag(OptionTable.ReadOnly) || configuration.Flag(OptionTable.Take);

    /// <summary>Where the router does not tell, whoever asks for a session there is told why.</summary>
    public static bool IsSession(Configuration configuration, string name)
    {
        foreach (SessionInfo session in OwnRouter.TryList(configuration, out _) ?? [])
        {
            if (session.Session == name || session.Id.ToString(CultureInfo.InvariantCulture) == name)
                return true;
        }

        return false;
    }

    private static ClientOutcome Enter(CommandLine line, Target target)
    {
        Configuration configuration = line.Configuration;
        Refuse(configuration, "fpty enters the target itself, and its program ends with this client; with a router's address behind the target it is a session.", OptionTable.Name, OptionTable.Keep, OptionTable.OnDisconnect);
        try
        {
            using Entry entry = Entry.Begin(target, OptionsOf(line));
            using SignalWatch signals = new(); // some milliseconds in which the program is on its way
            EnteredProgram program;
            try
            {
                program = entry.Finish(() => signals.Ending != 0);
            }
            catch (EntryException) when (signals.Ending is not 0 and int signal)
            {
                return ClientOutcome.Signalled(signal);
            }

            if (configuration.Flag(OptionTable.Privileged))
                Screen.WriteError($"fpty: {Readable.Of(target.FullName)} is entered privileged: the program is not confined as the target is\n");
            if (program.Notice is not null)
                Screen.WriteError($"fpty: {program.Notice}\n");
            ClientOutcome outcome = Relay(program, configuration, signals);
            if (ReferenceEquals(outcome, ClientOutcome.Normal) && Libc.isatty(2) == 1)
                Screen.WriteError($"fpty: left {Readable.Of(target.FullName)}, where the program is hung up\n");
            return outcome;
        }
        catch (EntryException refused)
        {
            throw new TargetException($"{Readable.Of(line.Arguments[0])}: {refused.Message}", refused);
        }
    }

    private static ClientOutcome Relay(EnteredProgram program, Configuration configuration, SignalWatch signals)
    {
        if (program.Piped is { } piped)
        {
            using var pipes = new PipeRelay(piped, signals);
            return pipes.Run();
        }

        using var relay = new TerminalRelay(program.Terminal!, program.Leader, configuration.EscapeKey, signals);
        return relay.Run();
    }

    /// <summary>An option that would have no effect is an error: who gives it relies on it.</summary>
    public static void Refuse(Configuration configuration, string reason, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
        {
            if (configuration.Find(option) is { } setting)
                throw setting.Wrong(reason);
        }
    }

    private static EntryOptions OptionsOf(CommandLine line)
    {
        Configuration configuration = line.Configuration;
        return new EntryOptions
        {
            Command = line.Command,
            User = configuration.Text(OptionTable.TargetUser),
            WorkingDirectory = configuration.Text(OptionTable.Directory),
            Environment = Connect.EnvironmentOf(configuration),
            Inherited = OwnEnvironment.Read(),
            ClearEnvironment = configuration.Flag(OptionTable.ClearEnvironment),
            Login = configuration.Flag(OptionTable.Login),
            Privileged = configuration.Flag(OptionTable.Privileged),
            Namespaces = configuration.Has(OptionTable.Namespaces) ? configuration.Words(OptionTable.Namespaces) : null,
            Toolbox = configuration.Flag(OptionTable.Toolbox),
            WithPipes = !Connect.HasTerminal(configuration, isPlainCommand: line.Command.Count > 0),
            Size = LocalTerminal.Size() ?? WindowSize.Default,
        };
    }
}
