using System.Security.Cryptography;
using System.Text;

namespace Forkpty.EndToEnd;

public sealed class Paste
{
    private const int Size = 200_000;

    private static readonly RouterSetup Digest = new() { Command = $"stty raw -echo; echo go; head -c {Size} | sha256sum; cat" };

    [Theory(Timeout = Patience.Test), Pairs(OnTerminal = true)]
    public async Task Two_hundred_kilobytes_in_one_paste_arrive_unchanged(ClientKind client, RouterKind router, Wire wire)
    {
        var bytes = new byte[Size];
        new Random(3).NextBytes(bytes);
        var text = Convert.ToBase64String(bytes)[..Size];
        await using var talk = await Conversation.OpenAsync(client, router, wire, Digest);
        await talk.Output.ExpectAsync("go");

        await talk.Client.TypeAsync(text);

        await talk.Output.ExpectAsync(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text))));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task With_uwsgi_on_both_sides_it_ends_the_session()
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Uwsgi, RouterKind.Uwsgi, Wire.Uwsgi, Digest);
        await talk.Output.ExpectAsync("go");

        await talk.Client.TypeAsync(new string('x', Size));

        await talk.Client.ExpectOverAsync();
    }
}
