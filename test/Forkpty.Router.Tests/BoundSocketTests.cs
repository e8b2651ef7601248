using System.Net;
using System.Net.Sockets;
using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

public sealed class BoundSocketTests : IDisposable
{
    private const UnixFileMode Open = (UnixFileMode)0b111_111_111;
    private readonly TempDirectory _directory = new();

    private string Path => _directory["s"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(null, 0b110_000_000)]
    [InlineData(0b110_110_110, 0b110_110_110)]
    [InlineData(0b110_110_000, 0b110_110_000)]
    [InlineData(0, 0)]
    public void The_file_has_the_mode_that_was_asked_for(int? asked, int mode)
    {
        using BoundSocket socket = Bind(Path, new SocketOptions { Mode = asked });
        Assert.Equal((UnixFileMode)mode, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void A_socket_that_nobody_serves_is_replaced()
    {
        Bind(Path).Dispose();
        Assert.True(File.Exists(Path));

        using BoundSocket socket = Bind(Path);

        using Socket client = Connect(new UnixDomainSocketEndPoint(Path));
        Assert.True(client.Connected);
    }

    [Fact]
    public void A_socket_that_is_served_is_refused_and_served_on()
    {
        using BoundSocket first = Bind(Path);

        Refused(Path, "another process listens there");

        using Socket client = Connect(new UnixDomainSocketEndPoint(Path));
        Assert.True(client.Connected);
    }

    [Fact]
    public void A_regular_file_is_refused_and_untouched()
    {
        File.WriteAllText(Path, "precious");
        Refused(Path, "there is a regular file with this name");
        Assert.Equal("precious", File.ReadAllText(Path));
    }

    [Fact]
    public void A_directory_is_refused_and_untouched()
    {
        Directory.CreateDirectory(Path);
        Refused(Path, "there is a directory with this name");
        Assert.True(Directory.Exists(Path));
    }

    [Fact]
    public void A_symbolic_link_is_refused_and_neither_it_nor_its_target_touched()
    {
        Bind(_directory["target"]).Dispose();
        File.CreateSymbolicLink(Path, _directory["target"]);

        Refused(Path, "there is a symbolic link with this name");

        Assert.Equal(_directory["target"], new FileInfo(Path).LinkTarget);
        Assert.True(File.Exists(_directory["target"]));
    }

    [Fact]
    public void A_directory_in_which_everybody_may_replace_files_is_refused()
    {
        File.SetUnixFileMode(_directory.Root, Open);
        Refused(Path, "everybody may replace files in");
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void The_same_directory_with_its_sticky_bit_is_allowed()
    {
        File.SetUnixFileMode(_directory.Root, Open | UnixFileMode.StickyBit);
        using BoundSocket socket = Bind(Path);
        Assert.True(File.Exists(Path));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_named() => Refused(_directory["none/s"], $"the directory {_directory["none"]} cannot be opened");

    [Theory]
    [InlineData("0.0.0.0:0")]
    [InlineData(":0")]
    [InlineData("[::]:0")]
    [InlineData("192.0.2.1:0")]
    public void A_port_that_other_machines_reach_is_refused(string address)
    {
        if (!RouterAddress.TryParse(address, out _, out _)) address = address[..^1] + "47115";
        Refused(address, "set insecure-tcp");
    }

    [Fact]
    public void A_port_that_other_machines_reach_is_bound_where_that_is_allowed()
    {
        using BoundSocket socket = Bind($"0.0.0.0:{FreePort()}", new SocketOptions { AllowInsecureTcp = true });
        Assert.True(socket.IsTcp);
    }

    [Fact]
    public void A_loopback_port_needs_no_permission()
    {
        int port = FreePort();
        using BoundSocket socket = Bind($"127.0.0.1:{port}");
        using Socket client = Connect(new IPEndPoint(IPAddress.Loopback, port));
        Assert.True(client.Connected);
    }

    [Fact]
    public void A_host_by_name_is_refused() => Refused("example.org:47115", "write the address of an interface");

    [Fact]
    public void RemoveFile_removes_our_file()
    {
        using BoundSocket socket = Bind(Path);
        socket.RemoveFile();
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void RemoveFile_leaves_a_file_that_is_not_ours()
    {
        using BoundSocket ours = Bind(Path);
        File.Delete(Path);
        using BoundSocket theirs = Bind(Path);

        ours.RemoveFile();

        using Socket client = Connect(new UnixDomainSocketEndPoint(Path));
        Assert.True(client.Connected);
    }

    [Fact]
    public void Adopt_refuses_a_descriptor_that_does_not_listen_and_leaves_it_open()
    {
        using var idle = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using FileStream file = File.Create(_directory["f"]);
        foreach (int descriptor in (int[])[(int)idle.Handle, (int)file.SafeFileHandle.DangerousGetHandle(), 1_000_000])
        {
            var address = RouterAddress.Parse($"fd://{descriptor}");
            ListenException refused = Assert.Throws<ListenException>(() => BoundSocket.Adopt(address, descriptor, new SocketOptions()));
            Assert.Contains($"descriptor {descriptor} is not a listening socket", refused.Message, StringComparison.Ordinal);
        }

        idle.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        file.WriteByte(1);
        file.Flush();
    }

    [Fact]
    public void Adopt_refuses_a_listening_port_that_other_machines_reach()
    {
        using var open = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        open.Bind(new IPEndPoint(IPAddress.Any, 0));
        open.Listen();
        int descriptor = (int)open.Handle;
        ListenException refused = Assert.Throws<ListenException>(() => BoundSocket.Adopt(RouterAddress.Parse($"fd://{descriptor}"), descriptor, new SocketOptions()));
        Assert.Contains("insecure-tcp", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 8)]
    [InlineData(77, 77)]
    public async Task On_a_port_of_somebody_else_as_many_wait_as_he_has_said_unless_told_otherwise(int? asked, int waiting)
    {
        using var theirs = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        theirs.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        theirs.Listen(8);
        int descriptor = Libc.fcntl((int)theirs.Handle, Libc.F_DUPFD_CLOEXEC, 3);

        using BoundSocket socket = BoundSocket.Adopt(RouterAddress.Parse($"fd://{descriptor}"), descriptor, new SocketOptions { Backlog = asked });

        Assert.Equal($"{waiting}", await Command.ShellAsync($"ss -tlnH src {theirs.LocalEndPoint} | awk '{{ print $3 }}'"));
    }

    [Fact]
    public void An_abstract_name_is_bound_in_both_spellings()
    {
        string name = $"fpty-test-{Guid.NewGuid():N}";
        IReadOnlyList<BoundSocket> sockets = BoundSocket.BindAll(RouterAddress.Parse("@" + name), new SocketOptions());
        try
        {
            Assert.Equal(2, sockets.Count);
            string[] names = [.. File.ReadLines("/proc/net/unix").Where(line => line.Contains(name, StringComparison.Ordinal)).Select(line => line[line.IndexOf('@', StringComparison.Ordinal)..])];
            Assert.Equal([$"@{name}", $"@{name}@"], names.Order(StringComparer.Ordinal)); // the kernel writes NUL as @
        }
        finally
        {
            foreach (BoundSocket socket in sockets)
                socket.Dispose();
        }
    }

    [Fact]
    public void An_abstract_name_without_room_for_the_other_spelling_is_bound_in_its_own()
    {
        string name = Guid.NewGuid().ToString("N") + new string('ü', 37) + "x"; // 107 bytes, of 70 characters
        IReadOnlyList<BoundSocket> sockets = BoundSocket.BindAll(RouterAddress.Parse("@" + name), new SocketOptions());
        Assert.Single(sockets).Dispose();
    }

    private static BoundSocket Bind(string address, SocketOptions? options = null) => BoundSocket.Bind(RouterAddress.Parse(address), options ?? new SocketOptions());

    private static void Refused(string address, string reason)
    {
        ListenException refused = Assert.Throws<ListenException>(() => Bind(address).Dispose());
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Contains(address, refused.Message, StringComparison.Ordinal);
    }

    private static Socket Connect(EndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(address);
        return socket;
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
