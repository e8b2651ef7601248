using System.Globalization;

namespace Forkpty.Bench;

/// <summary>tmux, whose sessions are kept and have a screen: each connection is its own client on a bare pty.</summary>
internal sealed class TmuxServer : Server
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _tmux;

    /// <summary>Starts a server without sessions, which keep so many lines of history.</summary>
    public TmuxServer(int historyLines)
    {
        string configuration = _folder.PathOf("configuration");
        string socket = _folder.PathOf("socket");
        // It starts commands through a shell, and bash would take the prompt that the figures wait for out of the environment.
        File.WriteAllText(
            configuration, string.Create(CultureInfo.InvariantCulture, $"set -g history-limit {historyLines}\nset -g status off\nset -g default-shell /bin/sh\n"));
        _tmux = ["tmux", "-S", socket, "-f", configuration];
        Pid = Children.StartDetached([.. _tmux, "-D"], _folder.PathOf("log"));
        Listening.WaitFor(socket, "tmux", _folder);
    }

    /// <summary>What is installed; null where it is not.</summary>
    public static string? Version { get; } = Tool.Find("tmux") is null ? null : Tool.FirstLineOf(["tmux", "-V"]);

    public int Pid { get; }

    /// <summary>The first line of what a command of tmux says.</summary>
    public string? Ask(params string[] command) => Tool.FirstLineOf([.. _tmux, .. command]);

    public override Connection Open(bool framed = false) => Open(24, 80);

    /// <summary>A new session in a terminal of this size.</summary>
    public Connection Open(ushort rows, ushort columns)
    {
        Connection client = Connection.ToProgram(rows, columns, [.. _tmux, "new-session", "/bin/sh"]);
        client.ReadUntil("$ ");
        return client;
    }

    /// <summary>Starts sessions without a client, and returns when each has its prompt.</summary>
    public void OpenDetached(int count)
    {
        string commands = _folder.PathOf("sessions");
        File.WriteAllLines(commands, Enumerable.Repeat("new-session -d -x 80 -y 24 /bin/sh", count));
        Ask("source-file", commands);
        for (Deadline deadline = Deadline.In(TimeSpan.FromSeconds(15)); Ask("list-panes", "-a", "-f", "#{!=:#{cursor_x},2}") is not null; Pause.Milliseconds(20))
        {
            if (deadline.HasPassed)
                throw new BenchException("sessions of tmux have no prompt");
        }
    }

    /// <summary>A client that comes to the session that was made last.</summary>
    public Connection Attach(ushort rows, ushort columns) => Connection.ToProgram(rows, columns, [.. _tmux, "attach"]);

    public override void Dispose()
    {
        Children.End(Pid);
        _folder.Dispose();
    }
}
