using System.Diagnostics;
using Xunit;

namespace Forkpty.Protocol.Tests;

public sealed class RandomStreamTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    [Fact]
    public void What_is_written_is_read_however_it_is_cut()
    {
        var watch = Stopwatch.StartNew();
        var round = 0;
        for (; round < 100_000 && watch.Elapsed < Bound; round++)
        {
            var random = new Random(round);
            var (stream, expected) = Write(random);
            var got = Wire.Read(Cut(random, stream));
            Assert.True(expected.SequenceEqual(got), $"round {round}");
        }

        Assert.True(round > 100, $"only {round} rounds in {watch.Elapsed}");
    }

    [Fact]
    public void Any_bytes_are_a_stream_and_any_cut_of_it_reads_the_same()
    {
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < 100_000 && watch.Elapsed < Bound; round++)
        {
            var random = new Random(round);
            var stream = new byte[random.Next(600)];
            random.NextBytes(stream);
            // Small sizes and known modifiers, so that more than one packet is in a stream.
            for (var i = 0; i < stream.Length; i++)
            {
                if (random.Next(3) > 0)
                    stream[i] = (byte)random.Next(3);
            }

            Assert.True(Wire.Read(stream).SequenceEqual(Wire.Read(Cut(random, stream))), $"round {round}");
        }
    }

    private static (byte[] Stream, List<string> Expected) Write(Random random)
    {
        var stream = new List<byte>();
        var expected = new List<string>();
        var wire = new byte[9_000];
        for (var packets = random.Next(1, 20); packets > 0; packets--)
        {
            var length = 0;
            switch (random.Next(5))
            {
                case 0 or 1:
                    var payload = new byte[random.Next(10) == 0 ? random.Next(8_000) : random.Next(6)];
                    random.NextBytes(payload);
                    length = PacketWriter.WriteStdin(wire, payload);
                    if (payload.Length > 0)
                        expected.Add($"stdin 0 {Convert.ToHexStringLower(payload)}");
                    break;
                case 2:
                    var signal = random.Next(1, 100);
                    length = PacketWriter.WriteSignal(wire, signal);
                    expected.Add($"signal {signal}");
                    break;
                case 3:
                    var (rows, columns) = ((ushort)random.Next(65_536), (ushort)random.Next(65_536));
                    length = PacketWriter.WriteWindow(wire, rows, columns);
                    expected.AddRange([$"rows {rows}", $"columns {columns}"]);
                    break;
                default:
                    var unknown = new UwsgiHeader((byte)random.Next(256), (ushort)random.Next(65_536), (byte)random.Next(102, 256));
                    unknown.Write(wire);
                    length = UwsgiHeader.Length;
                    expected.Add($"unknown {unknown.Modifier2} {unknown.Size}");
                    break;
            }

            stream.AddRange(wire.AsSpan(0, length));
        }

        return ([.. stream], expected);
    }

    private static byte[][] Cut(Random random, byte[] stream)
    {
        var pieces = new List<byte[]>();
        var longest = random.Next(1, 40);
        for (var at = 0; at < stream.Length;)
        {
            var length = Math.Min(random.Next(longest + 1), stream.Length - at);
            pieces.Add(stream[at..(at + length)]);
            at += length;
        }

        return [.. pieces];
    }
}
