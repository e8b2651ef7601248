using System.Net;
using System.Net.Sockets;
using Forkpty.Interop;
using Xunit;

namespace Forkpty.Tests;

/// <summary>Who is at the other end of a socket.</summary>
public sealed class PeerCredentialsTests
{
    [Fact(Timeout = 150_000)]
    public Task The_peer_of_a_UNIX_socket_is_known_with_its_process_and_ids() => Task.Run(() =>
    {
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        string path = Path.Combine(Path.GetTempPath(), $"fpty-test-peer-{Guid.NewGuid():N}");
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        try
        {
            using PipedProgram client = Piped.Start(new PtyCommand("python3")
            {
                Arguments = ["-c", "import socket,sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); print('connected', flush=True); s.recv(1)", path],
            });
            using Socket connection = listener.Accept();
            client.Output.ReadUntil("connected\n");
            PeerCredentials peer = Of(connection) ?? throw new InvalidOperationException("The kernel knows no peer.");
            Assert.Equal(new PeerCredentials(client.Leader.Pid, Libc.geteuid(), Libc.getegid()), peer);

            using SafeFd process = peer.Open()!;
            Span<Libc.pollfd> poll = [new Libc.pollfd { fd = process.Value, events = Libc.POLLIN }];
            Assert.Equal(0, Libc.poll(poll, 0));
            connection.Dispose();
            Piped.WaitFor(process, Libc.POLLIN);
            client.Leader.WaitForEnd();
            Assert.Null(peer.Open());
        }
        finally
        {
            File.Delete(path);
        }
    });

    [Fact]
    public void Nobody_is_known_on_TCP()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        using Socket connection = listener.Accept();
        Assert.Null(Of(connection));
    }

    [Fact]
    public void Nobody_is_known_before_a_connection()
    {
        using Socket alone = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Assert.Null(Of(alone));
    }

    private static PeerCredentials? Of(Socket socket)
    {
        using var copy = new SafeFd(Libc.fcntl((int)socket.Handle, Libc.F_DUPFD_CLOEXEC, 3));
        return PeerCredentials.Of(copy);
    }
}
