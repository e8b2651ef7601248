using Forkpty.Named;
using Forkpty.Protocol;
using Xunit;

namespace Forkpty.Tests.Sessions;

public sealed class EndingsTests
{
    private const int Mebi = 1024 * 1024;

    [Fact]
    public void What_remains_of_a_session_goes_after_a_minute_and_how_it_ended_stays()
    {
        var endings = new Endings();
        endings.Add("none", 1, "none has ended", null, now: 500);
        endings.Add("one", 2, "one has ended", Remains(100), now: 1_000);
        endings.Add("two", 3, "two has ended", Remains(100), now: 3_000);

        Assert.Equal(61_000, endings.NextAt);
        endings.Forget(60_999);
        Assert.Equal(61_000, endings.NextAt);
        endings.Forget(61_000);
        Assert.Equal(63_000, endings.NextAt);
        endings.Forget(70_000);
        Assert.Null(endings.NextAt);
        Assert.Equal("one has ended", endings.Find("one"));
        Assert.Equal("two has ended", endings.Find("3"));
    }

    [Fact]
    public void Of_the_oldest_nothing_remains_where_all_are_too_large()
    {
        var endings = new Endings();
        for (int i = 0; i < 20; i++)
            endings.Add($"{i}", 100 + i, "has ended", Remains(Mebi), now: i);

        Assert.Equal(12 + Endings.ResumeLimit, endings.NextAt); // the newest 8, of 1 MiB each
    }

    [Fact]
    public void One_that_is_larger_than_all_may_be_is_kept_alone()
    {
        var endings = new Endings();
        endings.Add("small", 1, "has ended", Remains(100), now: 1);
        endings.Add("large", 2, "has ended", Remains(32 * Mebi), now: 2);

        Assert.Equal(2 + Endings.ResumeLimit, endings.NextAt);
    }

    [Fact]
    public void So_many_are_remembered()
    {
        var endings = new Endings();
        for (int i = 0; i < 65; i++)
            endings.Add("work", i, $"session {i}", remains: null, now: i);

        Assert.Null(endings.Find("0"));
        Assert.Equal("session 1", endings.Find("1"));
        Assert.Equal("session 64", endings.Find("work"));
    }

    [Fact]
    public void What_remains_is_there_for_its_minute_however_many_end_meanwhile()
    {
        var endings = new Endings();
        endings.Add("lost", 1_000, "lost has ended", Remains(100), now: 0);
        for (int i = 1; i <= 200; i++)
            endings.Add("work", i, $"session {i}", i % 2 == 0 ? Remains(1) : null, now: i);

        Assert.Equal(Endings.ResumeLimit, endings.NextAt);
        Assert.Equal("lost has ended", endings.Find("lost"));
        Assert.Equal("session 2", endings.Find("2"));
        Assert.Null(endings.Find("135")); // nothing remains of it, and 64 have come since
        Assert.Equal("session 137", endings.Find("137"));
        endings.Forget(Endings.ResumeLimit + 2);
        Assert.Equal(Endings.ResumeLimit + 4, endings.NextAt);
        Assert.Null(endings.Find("lost"));
        Assert.Null(endings.Find("2"));
    }

    [Fact]
    public void Each_counts_with_16_KiB_at_least()
    {
        var endings = new Endings();
        for (int i = 0; i < 600; i++)
            endings.Add($"{i}", i, "has ended", Remains(1), now: i);

        Assert.Equal(600 - 512 + Endings.ResumeLimit, endings.NextAt);
        Assert.Null(endings.Find("87"));
    }

    private static EndedSession Remains(int bytes)
    {
        var history = new SessionHistory(new WindowSize(24, 80), bytes);
        history.Append(new byte[bytes]);
        return new EndedSession(new Opened(), new SessionEnd { Code = 1 }, history, [new Attachment("token")]);
    }
}
