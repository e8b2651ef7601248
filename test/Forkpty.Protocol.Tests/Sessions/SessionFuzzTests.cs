using System.Diagnostics;
using System.Text;
using Xunit;

namespace Forkpty.Protocol.Tests;

public sealed class SessionFuzzTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    private static readonly string[] Seeds =
    [
        """{"protocol":1,"version":"0.1","can":["keep","no-pty"]}""",
        """{"session":"work","mode":"attach-or-new","role":"viewer","command":["/bin/sh","-c","x"],"environment":{"A":"","B":"é"},"directory":"/","term":"xterm","terminal":false,"on-disconnect":"keep=30m","take":true,"resume":"t","received":12}""",
        """{"session":"work","id":1,"pid":2,"on-disconnect":"keep","role":"driver","offset":9,"gap":1,"input":3,"token":"x"}""",
        """{"code":3,"signal":9,"core":true,"reason":"taken"}""",
        """{"code":"bad-name","text":"no"}""",
        """{"event":"exited","at":1.5,"code":1,"session":{"session":"a","id":1,"pid":2,"command":"sh","started":3,"clients":1,"rows":24,"columns":80,"on-disconnect":"hup","terminal":true,"idle":0}}""",
    ];

    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "null", "true", "-0", "1e400", "1e-400", "99999999999999999999", "\0", "\"session\"", "\"command\"", "\"environment\"", "\uFEFF", " ", "\n", "😀",
    ];

    [Fact]
    public void Packets_are_read_as_the_specification_says_however_they_are_cut()
    {
        var watch = Stopwatch.StartNew();
        int round = 0;
        for (; round < 1_000_000 && watch.Elapsed < Bound; round++)
        {
            var random = new Random(round);
            byte[] stream = Stream(random);
            Assert.True(SessionWire.Expect(stream).SequenceEqual(SessionWire.Read(SessionWire.Cut(random, stream))), $"round {round}");
        }

        Assert.True(round > 100, $"only {round} rounds in {watch.Elapsed}");
    }

    [Fact]
    public void Messages_that_are_broken_anywhere_throw_nothing_and_what_is_read_can_be_written_and_read_again()
    {
        var watch = Stopwatch.StartNew();
        (int round, int understood) = (0, 0);
        for (; round < 1_000_000 && watch.Elapsed < Bound; round++)
        {
            byte[] payload = Break(new Random(round));
            foreach ((string name, Messages.Reader read) in Messages.Readers)
            {
                if (read(payload) is not { } written)
                    continue;
                understood++;
                byte[]? again = read(written);
                Assert.True(again is not null && again.SequenceEqual(written), $"{name}, round {round}: {Encoding.UTF8.GetString(payload)}");
            }
        }

        Assert.True(round > 100, $"only {round} rounds in {watch.Elapsed}");
        Assert.True(understood > round / 4, $"only {understood} messages in {round} rounds: too much is broken to test the rest");
    }

    private static byte[] Stream(Random random)
    {
        var stream = new List<byte>();
        for (int packets = random.Next(1, 12); packets > 0; packets--)
        {
            byte[] payload = new byte[random.Next(40) == 0 ? random.Next(65_536) : random.Next(30)];
            random.NextBytes(payload);
            byte type = random.Next(4) switch { 0 => (byte)random.Next(256), 1 => (byte)random.Next(32, 44), _ => (byte)random.Next(10) };
            byte modifier1 = random.Next(4) switch { 0 => 0, 1 => (byte)random.Next(256), _ => 0xF5 };
            stream.AddRange(SessionWire.Packet(type, payload, modifier1));
        }

        // Half of them are cut off anywhere; the bytes of a payload that nobody announced are headers then, which is as good a stream.
        byte[] all = [.. stream];
        return random.Next(2) == 0 ? all : all[..random.Next(all.Length)];
    }

    private static byte[] Break(Random random)
    {
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]));
        for (int changes = random.Next(4); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    break;
                case 2:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(9, bytes.Count - at + 1)));
                    break;
                case 3:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(at + 1), random.Next(bytes.Count - at + 1) / 2));
                    break;
            }
        }

        return [.. bytes];
    }
}
