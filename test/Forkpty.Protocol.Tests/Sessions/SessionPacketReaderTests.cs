using Xunit;

namespace Forkpty.Protocol.Tests;

public sealed class SessionPacketReaderTests
{
    [Fact]
    public void A_packet_is_a_header_and_its_payload()
    {
        Assert.Equal(["1:7b7d", "8:", "0:6162"], SessionWire.Read([0xF5, 2, 0, 1, 0x7B, 0x7D, 0xF5, 0, 0, 8, 0xF5, 2, 0, 0, 0x61, 0x62]));
    }

    [Fact]
    public void The_size_is_little_endian()
    {
        byte[] payload = new byte[0x0102];
        Assert.Equal([$"1:{Convert.ToHexStringLower(payload)}", "6:"], SessionWire.Read([0xF5, 0x02, 0x01, 1, .. payload, 0xF5, 0, 0, 6]));
    }

    [Fact]
    public void Rows_and_columns_have_their_value_in_the_size_field_and_no_payload()
    {
        Assert.Equal(["100 51:", "101 300:", "6:"], SessionWire.Read([0xF5, 51, 0, 100, 0xF5, 0x2C, 1, 101, 0xF5, 0, 0, 6]));
    }

    [Fact]
    public void Packets_of_plain_uwsgi_mode_may_come_between_and_keep_their_own_form()
    {
        byte[] stream =
        [
            .. SessionWire.Packet(1, "{}"u8),
            0, 1, 0, 0, 0x61, // input
            0, 9, 0, 2, // SIGINT: a header alone whatever its size says
            0, 24, 0, 100, 0, 80, 0, 101,
            0, 7, 0, 200, // unknown to uWSGI: a header alone
            .. SessionWire.Packet(200, "xyz"u8), // unknown to the session protocol: with its payload
            0, 0, 0, 0,
            .. SessionWire.Packet(0, "b"u8),
        ];

        Assert.Equal(["1:7b7d", "plain 0 1:61", "plain 2 9:", "plain 100 24:", "plain 101 80:", "plain 200 7:", "200:78797a", "0:62"], SessionWire.Read(stream));
    }

    [Fact]
    public void An_empty_stream_says_nothing_and_hides_nothing()
    {
        Assert.Equal([], SessionWire.Read());
        Assert.Equal([], SessionWire.Read([], []));
        Assert.Equal(["8:"], SessionWire.Read([.. SessionWire.Packet(0, []), .. SessionWire.Packet(41, []), .. SessionWire.Packet(42, []), .. SessionWire.Packet(8, [])]));
    }

    [Fact]
    public void An_empty_payload_of_a_message_is_a_packet()
    {
        for (int type = 0; type < 256; type++)
        {
            List<string> expected = type is 0 or 41 or 42 ? [] : type is 100 or 101 ? [$"{type} 0:"] : [$"{type}:"];
            Assert.Equal(expected, SessionWire.Read(SessionWire.Packet((byte)type, [])));
        }
    }

    [Fact]
    public void Every_type_and_every_modifier_is_read_as_the_table_says()
    {
        for (int type = 0; type < 256; type++)
        {
            for (int modifier1 = 0; modifier1 < 256; modifier1++)
            {
                byte[] stream = [(byte)modifier1, 3, 0, (byte)type, 1, 2, 3, 0xF5, 0, 0, 6, 0xF5, 0, 0, 6, 0xF5, 0, 0, 6];
                Assert.Equal(SessionWire.Expect(stream), SessionWire.Read(stream));
            }
        }
    }

    [Theory]
    [InlineData(65_535)]
    [InlineData(65_534)]
    [InlineData(32_768)]
    [InlineData(256)]
    public void The_largest_payloads_come_whole_however_they_are_cut(int size)
    {
        byte[] payload = new byte[size];
        new Random(size).NextBytes(payload);
        byte[] stream = [.. SessionWire.Packet(1, payload), .. SessionWire.Packet(0, payload), .. SessionWire.Packet(0, payload, modifier1: 0), 0xF5, 0, 0, 6];
        List<string> expected = SessionWire.Expect(stream);

        Assert.Equal(4, expected.Count);
        Assert.Equal(expected, SessionWire.Read(stream));
        Assert.Equal(expected, SessionWire.Read([.. stream.Chunk(1)]));
        Assert.Equal(expected, SessionWire.Read([.. stream.Chunk(16_384)]));
        Assert.Equal(expected, SessionWire.Read(stream[..^5], stream[^5..]));
    }

    [Fact]
    public void Two_cuts_anywhere_change_nothing()
    {
        byte[] stream =
        [
            .. SessionWire.Packet(1, "{\"a\":1}"u8),
            .. SessionWire.Packet(0, "xyz"u8),
            0xF5, 24, 0, 100, 0xF5, 80, 0, 101,
            0, 2, 0, 0, 0x61, 0x62,
            .. SessionWire.Packet(8, "p"u8),
            0xF5, 0, 0, 6,
        ];
        List<string> expected = SessionWire.Expect(stream);
        for (int first = 0; first <= stream.Length; first++)
        {
            for (int second = first; second <= stream.Length; second++)
                Assert.Equal(expected, SessionWire.Read(stream[..first], stream[first..second], stream[second..]));
        }
    }

    [Fact]
    public void A_message_that_came_whole_points_into_the_input()
    {
        byte[] stream = SessionWire.Packet(1, "{}"u8);
        var reader = new SessionPacketReader();
        ReadOnlySpan<byte> input = stream;

        Assert.True(reader.TryRead(ref input, out SessionPacket packet));

        Assert.True(packet.Payload.Overlaps(stream));
    }

    [Fact]
    public void A_collected_message_is_not_overwritten_by_the_next_one()
    {
        var reader = new SessionPacketReader();
        ReadOnlySpan<byte> input = SessionWire.Packet(1, "first"u8).AsSpan(0, 6);
        Assert.False(reader.TryRead(ref input, out _));
        byte[] rest = [.. "rst"u8, .. SessionWire.Packet(1, "other"u8)[..6]];
        input = rest;

        Assert.True(reader.TryRead(ref input, out SessionPacket packet));
        ReadOnlySpan<byte> first = packet.Payload;
        Assert.False(reader.TryRead(ref input, out _));

        Assert.True(first.SequenceEqual("first"u8));
    }

    [Fact]
    public void Empty_reads_between_header_and_payload_change_nothing()
    {
        byte[] stream = [.. SessionWire.Packet(1, "short"u8), .. SessionWire.Packet(1, "a longer one"u8)];

        Assert.Equal(SessionWire.Expect(stream), SessionWire.Read(stream[..4], [], stream[4..9], [], stream[9..13], [], stream[13..15], [], stream[15..]));
    }

    [Fact]
    public void Streams_cost_no_memory_however_they_are_cut()
    {
        byte[] packet = SessionWire.Packet(0, new byte[65_535]);
        var reader = new SessionPacketReader();
        _ = Feed(ref reader, packet); // compiled before it is measured
        long before = GC.GetAllocatedBytesForCurrentThread();

        long taken = 0;
        for (int round = 0; round < 20; round++)
            taken += Feed(ref reader, packet);

        long cost = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(20 * 65_535, taken);
        Assert.Equal(0, cost);
    }

    [Fact]
    public void A_message_costs_at_most_its_own_size()
    {
        byte[] packet = SessionWire.Packet(1, new byte[65_535]);
        var reader = new SessionPacketReader();
        _ = Feed(ref reader, packet);
        long before = GC.GetAllocatedBytesForCurrentThread();

        _ = Feed(ref reader, packet);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 65_535, 65_535 + 100);
    }

    private static long Feed(ref SessionPacketReader reader, byte[] packet)
    {
        long taken = 0;
        for (int at = 0; at < packet.Length; at += 7)
        {
            ReadOnlySpan<byte> input = packet.AsSpan(at, Math.Min(7, packet.Length - at));
            while (reader.TryRead(ref input, out SessionPacket fragment))
                taken += fragment.Payload.Length;
        }

        return taken;
    }
}
