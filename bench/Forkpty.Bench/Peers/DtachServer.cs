namespace Forkpty.Bench;

/// <summary>dtach, whose sessions are kept and have no screen: a process for each, and its own client on a bare pty.</summary>
internal sealed class DtachServer : Server
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<int> _masters = [];

    /// <summary>What is installed; null where it is not.</summary>
    public static string? Version { get; } = Tool.Find("dtach") is null ? null : Tool.LineOf(["dtach", "--version"], "dtach");

    /// <summary>The process of the session that was opened last.</summary>
    public int Pid => _masters[^1];

    public override Connection Open(bool framed = false)
    {
        string socket = _folder.PathOf($"{_masters.Count}");
        _masters.Add(Children.StartDetached(["dtach", "-N", socket, "/bin/sh"], _folder.PathOf("log")));
        Listening.WaitFor(socket, "dtach", _folder);
        return Connection.ToProgram("dtach", "-a", socket, "-E", "-z", "-r", "none");
    }

    public override void Dispose()
    {
        Children.End([.. _masters]);
        _folder.Dispose();
    }
}
