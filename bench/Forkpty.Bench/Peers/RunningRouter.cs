using System.Globalization;
using Forkpty.Protocol;

namespace Forkpty.Bench;

/// <summary>A router process with its sockets in a folder of its own; ended and removed when disposed.</summary>
internal sealed class RunningRouter : Server
{
    private readonly int _pid;
    private readonly TemporaryFolder _folder;
    private readonly byte[] _rawAddress;
    private readonly byte[] _framedAddress;

    private RunningRouter(int pid, TemporaryFolder folder, string rawPath, string framedPath)
    {
        _pid = pid;
        _folder = folder;
        RawPath = rawPath;
        FramedPath = framedPath;
        _rawAddress = SocketAddresses.UnixPath(rawPath);
        _framedAddress = SocketAddresses.UnixPath(framedPath);
    }

    public string RawPath { get; }

    public string FramedPath { get; }

    /// <summary>Starts the command that <paramref name="commandFor"/> makes for a raw and a uwsgi-mode socket, and waits until it accepts.</summary>
    public static RunningRouter Start(Func<string, string, string[]> commandFor)
    {
        TemporaryFolder folder = new();
        string raw = folder.PathOf("raw");
        string framed = folder.PathOf("uwsgi");
        string[] command = commandFor(raw, framed);
        RunningRouter router = new(Children.StartDetached(command, folder.PathOf("log")), folder, raw, framed);
        try
        {
            Listening.WaitFor(raw, command[0], folder);
            if (command.Contains(framed))
                Listening.WaitFor(framed, command[0], folder);
            return router;
        }
        catch
        {
            router.Dispose();
            throw;
        }
    }

    public override Connection Open(bool framed = false) => Connection.ToSocket(framed ? _framedAddress : _rawAddress, framed);

    /// <summary>Opens or attaches by the session protocol, with a window of this size.</summary>
    public SessionConnection Open(OpenRequest request, ushort rows = 24, ushort columns = 80) =>
        SessionConnection.Open(_framedAddress, request, rows, columns);

    /// <summary>The process that serves the sessions: the parent of a session's shell. That session has ended when this returns.</summary>
    public int ServingPid()
    {
        using Connection session = Open();
        int pid = ServingPid(session);
        session.Send("exit\n"u8);
        session.ReadToEnd();
        Pause.Milliseconds(50);
        return pid;
    }

    public static int ServingPid(Connection session)
    {
        string answer = session.Run("echo \"<$PPID>\"");
        int from = answer.LastIndexOf('<') + 1;
        return int.Parse(answer.AsSpan(from, answer.LastIndexOf('>') - from), CultureInfo.InvariantCulture);
    }

    public override void Dispose()
    {
        Children.End(_pid);
        _folder.Dispose();
    }
}
