using System.Security.Cryptography;

namespace Forkpty.EndToEnd;

public sealed class FlowIntegrity
{
    [Theory(Timeout = Patience.Test), Pairs]
    public async Task A_megabyte_in_hexadecimal_comes_through_unchanged(ClientKind client, RouterKind router, Wire wire)
    {
        using var directory = new TempDirectory();
        var dump = await Command.ShellAsync($"head -c 1000000 /dev/urandom | od -An -tx1 -v | tee {directory["dump"]}");
        await using var talk = await Conversation.OpenAsync(client, router, wire);

        Assert.Equal(dump, await talk.AskAsync($"cat {directory["dump"]}"));
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(Wire.Raw)]
    [InlineData(Wire.Uwsgi)]
    public async Task Fifty_megabytes_go_both_ways_unchanged(Wire wire)
    {
        const int Megabytes = 50;
        const int Chunk = 50_000;
        var data = new byte[Chunk];
        new Random(11).NextBytes(data);
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var setup = new RouterSetup { Command = "stty raw -echo; printf go; exec cat" };
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, wire, setup);
        if (wire == Wire.Uwsgi)
            await talk.Client.ResizeAsync(24, 80);
        await talk.Output.ExpectAsync("go");

        for (var i = 0; i < Megabytes * 1_000_000 / Chunk; i++)
        {
            data[i % Chunk] ^= 0x5A;
            sent.AppendData(data);
            await talk.Socket.SendInputAsync(data);
        }

        await talk.Output.ExpectLengthAsync((Megabytes * 1_000_000) + 2);
        Assert.Equal(Convert.ToHexStringLower(sent.GetHashAndReset()), Convert.ToHexStringLower(SHA256.HashData(talk.Output.Bytes.AsSpan(2))));
    }
}
