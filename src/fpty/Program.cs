using Forkpty.Commands;
using Forkpty.Options;

// Scripts ask for the version often, and it must be quick: nothing else is looked at.
if (args is ["--version" or "-V" or "version"])
    return Forkpty.Commands.Version.Run();

if (args.Length == 0)
{
    Screen.WriteError(HelpText.Overview());
    return ExitStatus.Usage;
}

try
{
    var line = CommandLine.Parse(args);
    if (line.Configuration.Flag(OptionTable.ShowConfig))
        return ShowConfig.Run(line);

    foreach (var notice in line.Configuration.Notices)
        Screen.WriteError($"fpty: {notice}\n");

    return line.Verb switch
    {
        Verb.Serve => Serve.Run(line),
        Verb.Connect => Connect.Run(line),
        Verb.Try => Try.Run(line),
        Verb.Version => Forkpty.Commands.Version.Run(),
        Verb.Docs => Docs.Run(line),
        _ => Help.Run(line),
    };
}
catch (ConfigurationException failure)
{
    foreach (var sentence in failure.Message.Split('\n'))
        Screen.WriteError($"fpty: {sentence}\n");
    return ExitStatus.Usage;
}
