using Xunit;

namespace Forkpty.Protocol.Tests;

public sealed class PacketWriterTests
{
    [Fact]
    public void Stdin_is_a_header_and_the_payload()
    {
        var wire = new byte[7];
        Assert.Equal(7, PacketWriter.WriteStdin(wire, [1, 2, 3]));
        Assert.Equal([0, 3, 0, 0, 1, 2, 3], wire);
        Assert.Equal(4, PacketWriter.WriteStdinHeader(wire, PacketWriter.MaxStdinToUwsgi));
        Assert.Equal([0, 0xfc, 0x0f, 0], wire[..4]);
    }

    [Fact]
    public void A_payload_that_already_lies_in_its_place_is_kept()
    {
        byte[] wire = [9, 9, 9, 9, 1, 2, 3];
        PacketWriter.WriteStdin(wire, wire.AsSpan(4));
        Assert.Equal([0, 3, 0, 0, 1, 2, 3], wire);

        byte[] other = [1, 2, 3, 4, 5, 9, 9, 9, 9];
        PacketWriter.WriteStdin(other, other.AsSpan(0, 5));
        Assert.Equal([0, 5, 0, 0, 1, 2, 3, 4, 5], other);
    }

    [Fact]
    public void A_signal_is_modifier2_of_an_empty_packet()
    {
        var wire = new byte[4];
        Assert.Equal(4, PacketWriter.WriteSignal(wire, 28));
        Assert.Equal([0, 0, 0, 28], wire);
    }

    [Fact]
    public void A_window_is_rows_and_then_columns_in_eight_bytes()
    {
        var wire = new byte[8];
        Assert.Equal(8, PacketWriter.WriteWindow(wire, 50, 300));
        Assert.Equal([0, 50, 0, 100, 0, 0x2c, 1, 101], wire);
    }

    [Fact]
    public void A_uwsgi_router_takes_one_page_with_the_header()
    {
        Assert.Equal(4_096, PacketWriter.MaxStdinToUwsgi + UwsgiHeader.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100)]
    public void A_number_that_would_be_another_packet_is_no_signal(int signal)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PacketWriter.WriteSignal(new byte[4], signal));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PacketWriter.WriteStdin(new byte[70_000], new byte[65_536]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PacketWriter.WriteStdinHeader(new byte[4], -1));
        Assert.Throws<ArgumentException>(() => PacketWriter.WriteStdin(new byte[6], [1, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PacketWriter.WriteWindow(new byte[7], 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => UwsgiHeader.Read(new byte[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UwsgiHeader(0, 0, 0).Write(new byte[3]));
    }

    [Fact]
    public void Every_header_reads_back_as_written()
    {
        var wire = new byte[4];
        for (var size = 0; size <= ushort.MaxValue; size++)
        {
            var header = new UwsgiHeader((byte)(size * 7), (ushort)size, (byte)(size * 13));
            header.Write(wire);
            Assert.Equal(header, UwsgiHeader.Read(wire));
        }
    }
}
