namespace Forkpty.Bench;

/// <summary>The original: uWSGI with its forkptyrouter and pty plugins.</summary>
internal sealed class UwsgiPeer : Peer
{
    public override string Name => "uwsgi";

    public override string? Version => Tool.Find("uwsgi") is null ? null : $"uWSGI {Tool.FirstLineOf(VersionCommand)}";

    public override string[] VersionCommand => ["uwsgi", "--version"];

    public override bool SpeaksPackets => true;

    // The gateway needs a master; `processes = 0` spares the worker that it has no use for. Its default timeout of 60 s would end idle sessions.
    public override Server Start(string command = "/bin/sh") => RunningRouter.Start((raw, framed) =>
        [
            "uwsgi", "--plugin", "forkptyrouter", "--master", "--processes", "0", "--forkptyrouter-timeout", "3600",
            "--forkpty-router", raw, "--forkpty-urouter", framed, "--forkpty-router-command", command,
        ]);

    public override string[]? ClientCommand(RunningRouter router, bool framed) => framed
        ? ["uwsgi", "--plugin", "pty", "--pty-uconnect", router.FramedPath]
        : ["uwsgi", "--plugin", "pty", "--pty-connect", router.RawPath];
}
