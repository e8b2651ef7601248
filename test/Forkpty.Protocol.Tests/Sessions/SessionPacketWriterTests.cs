using Xunit;

namespace Forkpty.Protocol.Tests;

public sealed class SessionPacketWriterTests
{
    [Fact]
    public void A_packet_has_the_modifier_the_size_and_the_type_before_its_payload()
    {
        Assert.Equal([0xF5, 2, 0, 1, 0x7B, 0x7D], SessionPacketWriter.Packet(SessionPacketType.Open, "{}"u8));
        Assert.Equal([0xF5, 0, 0, 6], SessionPacketWriter.Packet(SessionPacketType.List, []));
    }

    [Fact]
    public void The_largest_payload_is_65535_bytes()
    {
        byte[] packet = SessionPacketWriter.Packet(SessionPacketType.Data, new byte[65_535]);

        Assert.Equal(65_539, packet.Length);
        Assert.Equal([0xF5, 0xFF, 0xFF, 0], packet[..4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => SessionPacketWriter.Packet(SessionPacketType.Data, new byte[65_536]));
        Assert.Throws<ArgumentOutOfRangeException>(() => SessionPacketWriter.WriteHeader(new byte[4], SessionPacketType.Data, 65_536));
        Assert.Throws<ArgumentOutOfRangeException>(() => SessionPacketWriter.WriteHeader(new byte[4], SessionPacketType.Data, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SessionPacketWriter.WriteHeader(new byte[3], SessionPacketType.Data, 1));
    }

    [Fact]
    public void The_upgrade_is_what_a_router_of_uWSGI_reads_as_rows_and_columns()
    {
        byte[] upgrade = new byte[8];

        Assert.Equal(8, SessionPacketWriter.WriteUpgrade(upgrade, 51, 300));

        Assert.Equal([0xF5, 51, 0, 100, 0xF5, 0x2C, 0x01, 101], upgrade);
        Assert.Equal(["rows 51", "columns 300"], Wire.Read(upgrade));
        Assert.Equal(["100 51:", "101 300:"], SessionWire.Read(upgrade));
    }

    [Theory]
    [InlineData(24, 80, 0, 0)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(51, 300, 2400, 1020)]
    [InlineData(65_535, 65_535, 65_535, 65_535)]
    public void A_size_is_8_bytes_and_reads_as_it_was_written(ushort rows, ushort columns, ushort width, ushort height)
    {
        byte[] packet = new byte[SessionPacketWriter.SizeLength];

        Assert.Equal(12, SessionPacketWriter.WriteSize(packet, rows, columns, width, height));

        Assert.Equal([0xF5, 8, 0, 2, (byte)rows, (byte)(rows >> 8), (byte)columns, (byte)(columns >> 8), (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8)], packet);
        Assert.True(SessionPacketWriter.TryReadSize(packet.AsSpan(4), out ushort r, out ushort c, out ushort w, out ushort h));
        Assert.Equal((rows, columns, width, height), (r, c, w, h));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(9)]
    public void A_size_of_another_length_is_none(int length)
    {
        Assert.False(SessionPacketWriter.TryReadSize(new byte[length], out ushort rows, out ushort columns, out ushort width, out ushort height));
        Assert.Equal((0, 0, 0, 0), (rows, columns, width, height));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16_384)]
    [InlineData(0x0102_0304_0506_0708)]
    [InlineData(long.MaxValue)]
    public void An_acknowledgement_is_8_bytes_little_endian(long taken)
    {
        byte[] packet = new byte[SessionPacketWriter.AcknowledgeLength];

        Assert.Equal(12, SessionPacketWriter.WriteAcknowledge(packet, taken));

        Assert.Equal([0xF5, 8, 0, 36], packet[..4]);
        Assert.Equal([.. Enumerable.Range(0, 8).Select(i => (byte)(taken >> (8 * i)))], packet[4..]);
        Assert.True(SessionPacketWriter.TryReadAcknowledge(packet.AsSpan(4), out long read));
        Assert.Equal(taken, read);
    }

    [Fact]
    public void An_acknowledgement_of_another_length_or_below_zero_is_none()
    {
        Assert.False(SessionPacketWriter.TryReadAcknowledge(new byte[7], out _));
        Assert.False(SessionPacketWriter.TryReadAcknowledge(new byte[9], out _));
        Assert.False(SessionPacketWriter.TryReadAcknowledge([], out _));
        Assert.False(SessionPacketWriter.TryReadAcknowledge([0, 0, 0, 0, 0, 0, 0, 0x80], out _));
    }
}
