using Forkpty.Commands;
using Forkpty.Interop;
using Forkpty.Jail;
using Forkpty.Options;

Daemon? daemon = null;
try
{
    // Scripts ask for the version often, and it must be quick: nothing else is looked at.
    if (args is ["--version" or "-V" or "version"])
        return Forkpty.Commands.Version.Run();

    if (Startup.Run(args) is { } status)
        return status;

    daemon = Daemon.Attach(ref args);
    if (args.Length == 0)
    {
        Screen.WriteError(HelpText.Overview());
        return ExitStatus.Usage;
    }

    if (Stage.Is(args, Stage.Confine) || Stage.Is(args, Stage.Serve))
        return Serve.Resume(args, out daemon);
    if (args is [Forkpty.Serving.Upgrade.ProbeVerb])
        return Forkpty.Serving.Upgrade.Probe();

    RawArguments.Check(args);
    var line = CommandLine.Parse(args);
    if (line.Configuration.Flag(OptionTable.ShowConfig))
        return ShowConfig.Run(line);

    foreach (var notice in line.Configuration.Notices)
        Screen.WriteError($"fpty: {notice}\n");

    return line.Verb switch
    {
        Verb.Serve => Serve.Run(line, args, daemon),
        Verb.Connect => Connect.Run(line),
        Verb.Attach => Attach.Run(line),
        Verb.Ps => Ps.Run(line),
        Verb.Detach => Detach.Run(line),
        Verb.Kill => Kill.Run(line),
        Verb.Events => Events.Run(line),
        Verb.Upgrade => Forkpty.Commands.Upgrade.Run(line),
        Verb.Doctor => Doctor.Run(line),
        Verb.Orphans => Orphans.Run(line),
        Verb.Try => Try.Run(line),
        Verb.Version => Forkpty.Commands.Version.Run(),
        Verb.Docs => Docs.Run(line),
        _ => Help.Run(line),
    };
}
catch (ConfigurationException wrong)
{
    return Fail(wrong.Message, ExitStatus.Usage);
}
catch (OutputException unwritten)
{
    return unwritten.IsClosed ? 128 + Libc.SIGPIPE : Fail(unwritten.Message, ExitStatus.Failed);
}
catch (Exception failure) when (failure is JailException or IOException)
{
    return Fail(failure.Message, ExitStatus.Failed);
}

int Fail(string message, int status)
{
    foreach (var sentence in message.Split('\n'))
        Connect.Complain(sentence);
    daemon?.Failed(message);
    return status;
}
