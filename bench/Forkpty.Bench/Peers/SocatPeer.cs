namespace Forkpty.Bench;

/// <summary>What people use where they have no router: one socat process per session.</summary>
internal sealed class SocatPeer : Peer
{
    public override string Name => "socat";

    public override string? Version => Tool.Find("socat") is null ? null : Tool.LineOf(VersionCommand, "socat version");

    public override string[] VersionCommand => ["socat", "-V"];

    public override Server Start(string command = "/bin/sh") => RunningRouter.Start((raw, _) =>
        ["socat", $"UNIX-LISTEN:{raw},fork,backlog=128", $"EXEC:{command},pty,setsid,ctty,stderr"]);
}
