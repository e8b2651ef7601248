using Forkpty.Interop;
using Forkpty.Upgrade;
using Xunit;

namespace Forkpty.Tests.Upgrade;

public sealed class StateTests
{
    [Fact]
    public void What_is_written_is_read_in_the_same_order_whatever_its_length()
    {
        var random = new Random(1);
        byte[][] pieces = [.. new[] { 0, 1, 65_535, 65_536, 65_537, 300_000, 5 }.Select(length => Bytes(random, length))];
        using var writer = new StateWriter();
        foreach (byte[] piece in pieces)
        {
            writer.Number(long.MinValue + piece.Length);
            writer.Bytes(piece);
            writer.Text(piece.Length % 2 == 0 ? null : "ä\0\n");
            writer.Flag(piece.Length > 10);
        }

        writer.Size(new WindowSize(1, 65_535, 3, 4));
        writer.Status(ExitStatus.Killed(11, coreDumped: true));
        writer.Status(ExitStatus.Exited(0));
        writer.Status(ExitStatus.Unknown);
        writer.Descriptor(null);
        writer.Finish();

        using var reader = new StateReader(Libc.fcntl(writer.File.Value, Libc.F_DUPFD_CLOEXEC, 3));
        foreach (byte[] piece in pieces)
        {
            Assert.Equal(long.MinValue + piece.Length, reader.Number());
            Assert.Equal(piece, reader.Bytes());
            Assert.Equal(piece.Length % 2 == 0 ? null : "ä\0\n", reader.Text());
            Assert.Equal(piece.Length > 10, reader.Flag());
        }

        Assert.Equal(new WindowSize(1, 65_535, 3, 4), reader.Size());
        Assert.Equal(ExitStatus.Killed(11, coreDumped: true), reader.Status());
        Assert.Equal(ExitStatus.Exited(0), reader.Status());
        Assert.Equal(ExitStatus.Unknown, reader.Status());
        Assert.True(reader.Descriptor().IsClosed);
        Assert.Throws<EndOfStreamException>(() => reader.Number());
        Assert.Empty(writer.Descriptors);
    }

    [Fact]
    public void A_terminal_or_a_program_that_cannot_be_found_again_is_none()
    {
        using SafeFd other = new(Libc.open("/dev/null", Libc.O_RDONLY | Libc.O_CLOEXEC));
        using var writer = new StateWriter();
        writer.Descriptor(other);
        writer.Number(1); // not our child
        writer.Flag(false);
        writer.Number(-1);
        writer.Finish();

        using var reader = new StateReader(Libc.fcntl(writer.File.Value, Libc.F_DUPFD_CLOEXEC, 3));
        Assert.Null(reader.Terminal());
        Assert.Null(reader.Leader());
        Assert.Equal([other.Value], writer.Descriptors);
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
