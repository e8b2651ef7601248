using Xunit;

namespace Forkpty.Protocol.Tests;

public sealed class OnDisconnectTests
{
    [Theory]
    [InlineData("hup", DisconnectAction.HangUp, null)]
    [InlineData("keep", DisconnectAction.Keep, null)]
    [InlineData("kill", DisconnectAction.Kill, null)]
    [InlineData("keep=1", DisconnectAction.Keep, 1)]
    [InlineData("keep=090", DisconnectAction.Keep, 90)]
    [InlineData("keep=30s", DisconnectAction.Keep, 30)]
    [InlineData("keep=30m", DisconnectAction.Keep, 1_800)]
    [InlineData("keep=2h", DisconnectAction.Keep, 7_200)]
    [InlineData("keep=24d", DisconnectAction.Keep, 24 * 86_400)]
    [InlineData("keep=2073600", DisconnectAction.Keep, 24 * 86_400)]
    public void What_is_written_is_read(string text, DisconnectAction action, int? seconds)
    {
        Assert.True(OnDisconnect.TryParse(text, out OnDisconnect value));
        Assert.Equal(action, value.Action);
        Assert.Equal(seconds, (int?)value.Limit?.TotalSeconds);
        Assert.Equal(action == DisconnectAction.Keep, value.IsKept);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("HUP")]
    [InlineData("keep ")]
    [InlineData(" keep")]
    [InlineData("kept")]
    [InlineData("keep=")]
    [InlineData("keep=s")]
    [InlineData("keep=0")]
    [InlineData("keep=0d")]
    [InlineData("keep=-1")]
    [InlineData("keep=+1")]
    [InlineData("keep= 1")]
    [InlineData("keep=1 s")]
    [InlineData("keep=1.5")]
    [InlineData("keep=1e3")]
    [InlineData("keep=1w")]
    [InlineData("keep=1ms")]
    [InlineData("keep=25d")]
    [InlineData("keep=2073601")]
    [InlineData("keep=4294967295d")]
    [InlineData("keep=4294967296")]
    [InlineData("keep=99999999999999999999")]
    [InlineData("keep=\u0663")]
    [InlineData("hup=3")]
    [InlineData("kill=3")]
    public void Anything_else_is_not_read_and_means_nothing(string? text)
    {
        Assert.False(OnDisconnect.TryParse(text, out OnDisconnect value));
        Assert.Equal(OnDisconnect.HangUp, value);
    }

    [Theory]
    [InlineData("hup", "hup")]
    [InlineData("keep", "keep")]
    [InlineData("kill", "kill")]
    [InlineData("keep=90s", "keep=90")]
    [InlineData("keep=2h", "keep=7200")]
    public void It_is_written_in_seconds_and_read_back_the_same(string text, string written)
    {
        Assert.True(OnDisconnect.TryParse(text, out OnDisconnect value));
        Assert.Equal(written, value.ToString());
        Assert.True(OnDisconnect.TryParse(value.ToString(), out OnDisconnect again));
        Assert.Equal(value, again);
    }

    [Fact]
    public void A_time_is_1_second_to_24_days()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => OnDisconnect.KeepFor(TimeSpan.FromMilliseconds(999)));
        Assert.Throws<ArgumentOutOfRangeException>(() => OnDisconnect.KeepFor(TimeSpan.FromDays(24) + TimeSpan.FromTicks(1)));
        Assert.Equal("keep=2073600", OnDisconnect.KeepFor(TimeSpan.FromDays(24)).ToString());
    }

    [Fact]
    public void The_default_is_to_hang_up() => Assert.Equal(OnDisconnect.HangUp, default);
}
