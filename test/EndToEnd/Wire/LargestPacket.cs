using System.Security.Cryptography;

namespace Forkpty.EndToEnd;

public sealed class LargestPacket
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(4_092)]
    [InlineData(4_093)]
    [InlineData(65_535)]
    public async Task A_stdin_packet_of_any_size_arrives_whole(int size)
    {
        var payload = new byte[size];
        new Random(size).NextBytes(payload);
        var setup = new RouterSetup { Command = $"stty raw -echo; echo go; head -c {size} | sha256sum" };
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Uwsgi, setup);
        await talk.Output.ExpectAsync("go");

        await talk.Socket.SendInputAsync(payload);

        await talk.Output.ExpectAsync(Convert.ToHexStringLower(SHA256.HashData(payload)));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task In_uwsgi_a_packet_over_4092_bytes_closes_the_session()
    {
        var setup = new RouterSetup { Command = "stty raw -echo; echo go; head -c 6000 | sha256sum" };
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Uwsgi, Wire.Uwsgi, setup);
        await talk.Output.ExpectAsync("go");

        await talk.Socket.SendInputAsync(new byte[6000]);

        await talk.Client.ExpectOverAsync();
        Assert.DoesNotContain("-\r\n", talk.Output.Text, StringComparison.Ordinal);
    }
}
