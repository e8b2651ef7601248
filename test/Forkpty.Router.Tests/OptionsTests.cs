using Xunit;

namespace Forkpty.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void The_defaults_are_allowed() => new RouterOptions().Validate();

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    public void An_empty_command_is_refused(string command) =>
        Refused(new RouterOptions { Command = command }, "The command of a session is empty.");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65)]
    public void Workers_out_of_bounds_are_refused(int workers) =>
        Refused(new RouterOptions { Workers = workers }, $"Workers is {workers}; 1 to 64 are allowed.");

    [Theory]
    [InlineData(0)]
    [InlineData(65_536)]
    public void A_backlog_out_of_bounds_is_refused(int backlog) =>
        Refused(new RouterOptions { Sockets = new SocketOptions { Backlog = backlog } }, $"The backlog is {backlog}; 1 to 65535 are allowed.");

    [Theory]
    [InlineData(0, "00:00:00")]
    [InlineData(-1, "-00:00:01")]
    [InlineData((24 * 86_400) + 1, "24.00:00:01")]
    public void A_timeout_out_of_bounds_is_refused(int seconds, string text) =>
        Refused(new RouterOptions { Timeout = TimeSpan.FromSeconds(seconds) }, $"The timeout is {text}; up to 24 days are allowed.");

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(64, 65_535, 24 * 86_400)]
    public void The_bounds_themselves_are_allowed(int workers, int backlog, int seconds) => new RouterOptions
    {
        Workers = workers,
        Sockets = new SocketOptions { Backlog = backlog },
        Timeout = TimeSpan.FromSeconds(seconds),
    }.Validate();

    [Fact]
    public void A_router_is_not_made_of_wrong_options() =>
        Assert.Throws<ArgumentException>(() => new Router(new RouterOptions { Workers = 0 }));

    private static void Refused(RouterOptions options, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<ArgumentException>(options.Validate).Message);
}
