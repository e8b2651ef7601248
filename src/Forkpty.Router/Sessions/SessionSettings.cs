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
        Environment = options.Environment ?? SessionEnvironment.Create();
        Plan = MakePlan(options.Command, options.WorkingDirectory, Environment);
    }

    public SpawnPlan Plan { get; }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public WindowSize Size { get; }

    public int? TimeoutMilliseconds { get; }

    public SignalTarget SignalTarget { get; }

    public bool WaitForSlaves { get; }

    /// <summary>A program, or, where there is a space in it, a command of /bin/sh: as in uWSGI.</summary>
    public static SpawnPlan MakePlan(string command, string? directory, IReadOnlyDictionary<string, string> environment)
    {
        PtyCommand program = command.Contains(' ') ? new PtyCommand("/bin/sh") { Arguments = ["-c", command] } : new PtyCommand(command);
        return new SpawnPlan(program with { Environment = environment, WorkingDirectory = directory });
    }
}
