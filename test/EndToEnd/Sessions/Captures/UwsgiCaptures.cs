using System.Net.Sockets;

namespace Forkpty.EndToEnd.Sessions;

/// <summary>What the programs of uWSGI send first, today as when it was recorded: the upgrade of the session protocol rests on it.</summary>
public sealed class UwsgiCaptures
{
    [Fact(Timeout = Patience.Test)]
    public async Task The_client_begins_with_rows_and_columns_and_a_modifier_of_0()
    {
        using var directory = new TempDirectory();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(directory["s"]));
        listener.Listen();
        await using var terminal = await Terminal.StartAsync(Conversation.ClientCommand(ClientKind.Uwsgi, directory["s"], Wire.Uwsgi), rows: 51, columns: 97);
        using var connection = await listener.AcceptAsync().WaitAsync(Patience.Expectation);
        await terminal.ExpectRawAsync();

        // Each character is awaited, so that each is a packet of its own.
        byte[] bytes = await ReceiveAsync(connection, 8);
        foreach (char typed in "fpty looks on")
        {
            await terminal.TypeAsync($"{typed}");
            bytes = [.. bytes, .. await ReceiveAsync(connection, 5)];
        }

        Capture.Compare("uwsgi-client", bytes);
        Assert.Equal([0, 51, 0, 100, 0, 97, 0, 101], bytes[..8]);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_router_takes_the_upgrade_for_its_window_and_loses_nothing()
    {
        var setup = new RouterSetup { Command = "printf 'name? '; read name; echo \"hello $name\"; stty size; head -c 64 /dev/zero | tr '\\0' .; cat" };
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Uwsgi, Wire.Uwsgi, setup);

        await talk.Socket.SendBytesAsync(SessionPeer.Upgrade(51, 97));
        await talk.Output.ExpectAsync("name? ");
        await talk.TypeLineAsync("fpty");

        await talk.Output.ExpectLengthAsync(Capture.Length);
        Capture.Compare("uwsgi-router", talk.Output.Bytes);
        Assert.StartsWith("name? fpty\r\nhello fpty\r\n51 97\r\n", talk.Output.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task To_the_bytes_of_its_client_our_router_answers_as_uWSGI_does()
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Uwsgi, new RouterSetup { Command = "stty size; exec cat" });

        await talk.Socket.SendBytesAsync(Capture.Read("uwsgi-client"));

        // The echo may come before the size or after it.
        await Patience.UntilAsync(() => talk.Output.Length >= "fpty looks 51 97\r\n".Length, "echo and size");
        Assert.Contains("51 97\r\n", talk.Output.Text, StringComparison.Ordinal);
        Assert.Equal("fpty looks ", talk.Output.Text.Replace("51 97\r\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public void No_byte_of_the_routers_first_is_that_of_the_session_protocol()
    {
        Assert.NotEqual(0xF5, Capture.Read("uwsgi-router")[0]);
        Assert.NotEqual(0xF5, Capture.Read("uwsgi-client")[0]);
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        using var deadline = new CancellationTokenSource(Patience.Expectation);
        for (int have = 0; have < count;)
        {
            int more = await socket.ReceiveAsync(bytes.AsMemory(have), deadline.Token);
            if (more == 0)
                throw new ExpectationException($"The client closed after {have} bytes of {count}.");
            have += more;
        }

        return bytes;
    }
}
