namespace Forkpty.Bench;

/// <summary>No server: this program holds the ptys itself. What the kernel alone costs.</summary>
internal sealed class BarePeer : Peer
{
    public override string Name => "bare";

    public override string? Version => "bare: a pty and posix_spawn, no server";

    public override string[] VersionCommand => ["/bin/true"];

    public override Server Start(string command = "/bin/sh") => new Ptys(command);

    private sealed class Ptys(string command) : Server
    {
        public override Connection Open(bool framed = false) => Connection.ToProgram(command);

        public override void Dispose()
        {
            // A session is its own process here and ends with its connection.
        }
    }
}
