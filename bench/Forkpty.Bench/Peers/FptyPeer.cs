namespace Forkpty.Bench;

/// <summary>This project's own executable.</summary>
/// <param name="executable">Its file.</param>
/// <param name="name">What it is called; only the present one is judged.</param>
internal sealed class FptyPeer(string executable, string name = FptyPeer.Present) : Peer
{
    public const string Present = "fpty";
    public const string Former = "former";

    public override string Name => name;

    public override string? Version => File.Exists(executable) ? (name == Present ? "" : $"{name}: ") + Tool.FirstLineOf(VersionCommand) : null;

    public override string[] VersionCommand => [executable, "--version"];

    public override bool SpeaksPackets => true;

    // uWSGI's words: the same configuration for both. The prompt that the figures wait for is in the environment, which fpty's sessions do not inherit.
    public override Server Start(string command = "/bin/sh") => RunningRouter.Start((raw, framed) =>
        [executable, "--forkpty-router", raw, "--forkpty-urouter", framed, "--forkpty-router-command", command, "--env", "PS1=$ "]);

    public override string[]? ClientCommand(RunningRouter router, bool framed) =>
        framed ? [executable, "--pty-uconnect", router.FramedPath] : [executable, "--pty-connect", router.RawPath];
}
