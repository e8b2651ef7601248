using Xunit;

namespace Forkpty.Protocol.Tests;

public sealed class PacketReaderTests
{
    [Fact]
    public void A_typed_character_is_five_bytes_and_one_packet()
    {
        Assert.Equal(["stdin 0 61"], Wire.Read([0, 1, 0, 0, (byte)'a']));
    }

    [Fact]
    public void The_size_is_little_endian()
    {
        var payload = new byte[0x0102];
        Assert.Equal([$"stdin 0 {Convert.ToHexStringLower(payload)}"], Wire.Read([0, 0x02, 0x01, 0, .. payload]));
    }

    [Fact]
    public void A_signal_is_a_header_alone_whatever_its_size_field_says()
    {
        Assert.Equal(["signal 2", "stdin 0 61"], Wire.Read([0, 0, 0, 2, 0, 1, 0, 0, (byte)'a']));
        Assert.Equal(["signal 15", "stdin 0 61"], Wire.Read([0, 0xff, 0xff, 15, 0, 1, 0, 0, (byte)'a']));
    }

    [Fact]
    public void Rows_and_columns_are_in_the_size_field()
    {
        Assert.Equal(["rows 50", "columns 300"], Wire.Read([0, 50, 0, 100, 0, 0x2c, 0x01, 101]));
    }

    [Fact]
    public void An_empty_stdin_packet_yields_nothing_and_hides_nothing()
    {
        Assert.Equal([], Wire.Read([0, 0, 0, 0]));
        Assert.Equal(["stdin 0 61"], Wire.Read([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, (byte)'a', 0, 0, 0, 0]));
    }

    [Fact]
    public void Two_stdin_packets_in_one_read_are_both_read()
    {
        Assert.Equal(["stdin 0 6162", "stdin 0 63"], Wire.Read([0, 2, 0, 0, (byte)'a', (byte)'b', 0, 1, 0, 0, (byte)'c']));
    }

    [Fact]
    public void Every_modifier2_has_its_kind_and_only_stdin_has_a_payload()
    {
        for (var modifier2 = 0; modifier2 < 256; modifier2++)
        {
            var expected = modifier2 switch
            {
                0 => "stdin 0 010203",
                <= 99 => $"signal {modifier2}",
                100 => "rows 3",
                101 => "columns 3",
                _ => $"unknown {modifier2} 3",
            };
            byte[] end = modifier2 == 0 ? [1, 2, 3] : [];
            Assert.Equal([expected, "signal 9"], Wire.Read([0, 3, 0, (byte)modifier2, .. end, 0, 0, 0, 9]));
        }
    }

    [Fact]
    public void Modifier1_changes_nothing_and_can_be_seen()
    {
        for (var modifier1 = 0; modifier1 < 256; modifier1++)
            Assert.Equal([$"stdin {modifier1} 61"], Wire.Read([(byte)modifier1, 1, 0, 0, (byte)'a']));

        var reader = new PacketReader();
        ReadOnlySpan<byte> input = [0xf5, 2, 0, 100];
        Assert.True(reader.TryRead(ref input, out var packet));
        Assert.Equal((0xf5, 100), (packet.Modifier1, packet.Modifier2));
    }

    [Fact]
    public void A_payload_is_handed_on_as_it_comes()
    {
        var reader = new PacketReader();
        ReadOnlySpan<byte> first = [0, 3, 0, 0, 1, 2];
        Assert.True(reader.TryRead(ref first, out var packet));
        Assert.Equal([1, 2], packet.Payload.ToArray());
        Assert.False(reader.TryRead(ref first, out _));
        Assert.True(reader.IsInsidePacket);

        ReadOnlySpan<byte> second = [3, 0];
        Assert.True(reader.TryRead(ref second, out packet));
        Assert.Equal([3], packet.Payload.ToArray());
        Assert.False(reader.TryRead(ref second, out _));
        Assert.True(reader.IsInsidePacket); // one byte of the next header
        Assert.True(second.IsEmpty);
    }

    [Fact]
    public void Between_packets_the_reader_is_inside_none()
    {
        var reader = new PacketReader();
        Assert.False(reader.IsInsidePacket);
        ReadOnlySpan<byte> input = [0, 1, 0, 0, (byte)'a', 0, 0, 0, 2, 0, 0, 0, 0];
        while (reader.TryRead(ref input, out _))
        {
        }

        Assert.False(reader.IsInsidePacket);
    }

    [Fact]
    public void No_input_gives_no_packet_in_any_state()
    {
        byte[] stream = [0, 2, 0, 0, 1, 2];
        var reader = new PacketReader();
        foreach (var b in stream)
        {
            ReadOnlySpan<byte> none = default;
            Assert.False(reader.TryRead(ref none, out var packet));
            Assert.True(packet.Payload.IsEmpty);
            ReadOnlySpan<byte> one = [b];
            reader.TryRead(ref one, out _);
        }
    }

    [Fact]
    public void The_largest_payload_arrives_byte_by_byte()
    {
        var payload = new byte[PacketWriter.MaxStdin];
        new Random(1).NextBytes(payload);
        var stream = new byte[UwsgiHeader.Length + payload.Length];
        PacketWriter.WriteStdin(stream, payload);

        var reader = new PacketReader();
        var got = new List<byte>(payload.Length);
        for (var i = 0; i < stream.Length; i++)
        {
            ReadOnlySpan<byte> input = stream.AsSpan(i, 1);
            if (reader.TryRead(ref input, out var packet))
                got.AddRange(packet.Payload);
            Assert.True(input.IsEmpty);
        }

        Assert.Equal(payload, got);
        Assert.False(reader.IsInsidePacket);
    }

    [Fact]
    public void Every_split_of_a_stream_gives_the_same_packets()
    {
        byte[] stream = [0, 3, 0, 0, 1, 2, 3, 7, 9, 9, 2, 0, 50, 0, 100, 0, 80, 0, 101, 0, 0, 0, 0, 0, 1, 0, 200, 0xf5, 1, 0, 0, 255];
        string[] expected = ["stdin 0 010203", "signal 2", "rows 50", "columns 80", "unknown 200 1", "stdin 245 ff"];
        Assert.Equal(expected, Wire.Read(stream));
        for (var i = 0; i <= stream.Length; i++)
        {
            for (var j = i; j <= stream.Length; j++)
                Assert.Equal(expected, Wire.Read(stream[..i], stream[i..j], stream[j..]));
        }

        Assert.Equal(expected, Wire.Read([.. stream.Select(b => new[] { b })]));
    }

    [Fact]
    public void A_reader_allocates_nothing_and_is_eight_bytes()
    {
        Assert.Equal(8, System.Runtime.CompilerServices.Unsafe.SizeOf<PacketReader>());

        var stream = new byte[5_000];
        var filled = 0;
        while (filled + 5 <= stream.Length)
            filled += PacketWriter.WriteStdin(stream.AsSpan(filled), [(byte)'a']);

        var reader = new PacketReader();
        Count(ref reader, stream);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var packets = Count(ref reader, stream);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1_000, packets);
    }

    private static int Count(ref PacketReader reader, ReadOnlySpan<byte> input)
    {
        var packets = 0;
        while (reader.TryRead(ref input, out _))
            packets++;
        return packets;
    }
}
