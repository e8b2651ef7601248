using Forkpty.Client;
using Forkpty.Options;
using Forkpty.Targets;

namespace Forkpty.Commands;

/// <summary><c>fpty attach TARGET [-- COMMAND]</c>: this terminal on a program inside of what runs already. A session's name is <see cref="Connect"/>'s.</summary>
internal static class Attach
{
    /// <returns>The program's status, 255 (could not attach), or 128 + N where signal N ended the program or this client.</returns>
    public static int Run(CommandLine line)
    {
        if (!TargetWord.IsTarget(line.Arguments))
            return Connect.Run(line);
        Configuration configuration = line.Configuration;
        try
        {
            Target target = TargetWord.Find(line.Arguments[0]);
            EnteredProgram program = Entry.Start(target, OptionsOf(line));
            if (configuration.Flag(OptionTable.Privileged))
                Screen.WriteError($"fpty: {line.Arguments[0]} is entered privileged: the program is not confined as the target is\n");
            if (program.Notice is not null)
                Screen.WriteError($"fpty: {program.Notice}\n");
            using var relay = new TerminalRelay(program.Terminal, program.Leader, Connect.EscapeOf(configuration));
            return relay.Run().ExitStatus;
        }
        catch (IOException refused) when (refused is EntryException or KernelException)
        {
            Screen.WriteError($"fpty: attach {line.Arguments[0]}: {refused.Message}\n");
            return ClientOutcome.CouldNotConnect;
        }
    }

    private static EntryOptions OptionsOf(CommandLine line)
    {
        Configuration configuration = line.Configuration;
        var inherited = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            inherited[(string)variable.Key] = (string?)variable.Value ?? "";
        return new EntryOptions
        {
            Command = line.Command,
            User = configuration.Text(OptionTable.TargetUser),
            WorkingDirectory = configuration.Text(OptionTable.Directory),
            Environment = Connect.EnvironmentOf(configuration),
            Inherited = inherited,
            ClearEnvironment = configuration.Flag(OptionTable.ClearEnvironment),
            Login = configuration.Flag(OptionTable.Login),
            Privileged = configuration.Flag(OptionTable.Privileged),
            Namespaces = configuration.Has(OptionTable.Namespaces) ? configuration.Words(OptionTable.Namespaces) : null,
            Toolbox = configuration.Flag(OptionTable.Toolbox),
            Size = LocalTerminal.Size() ?? WindowSize.Default,
        };
    }
}
