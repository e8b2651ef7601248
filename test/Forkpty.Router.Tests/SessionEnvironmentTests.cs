using Xunit;

namespace Forkpty.Tests;

[Collection(nameof(Alone))]
public sealed class SessionEnvironmentTests : IDisposable
{
    private static readonly string[] Always = ["TERM", "HOME", "USER", "LOGNAME", "SHELL", "PATH", "LANG"];
    private static readonly string[] OfTheRouter = ["LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_COLLATE", "LC_MESSAGES", "LC_MONETARY", "LC_NUMERIC", "LC_TIME", "TZ"];

    private readonly Dictionary<string, string?> _before = [];

    [Fact]
    public void Without_language_and_time_zone_it_is_exactly_the_seven()
    {
        foreach (string name in OfTheRouter)
            Set(name, null);
        Set("SECRET_OF_THE_ROUTER", "token");

        Dictionary<string, string> variables = SessionEnvironment.Create();

        Assert.Equal(Always.Order(), variables.Keys.Order());
        Assert.Equal("xterm-256color", variables["TERM"]);
        Assert.Equal("C.UTF-8", variables["LANG"]);
        Assert.Equal(variables["USER"], variables["LOGNAME"]);
        Assert.Equal(Environment.UserName, variables["USER"]);
        Assert.StartsWith("/", variables["HOME"], StringComparison.Ordinal);
        Assert.StartsWith("/", variables["SHELL"], StringComparison.Ordinal);
        Assert.Equal(Environment.IsPrivilegedProcess, variables["PATH"].Contains("/sbin", StringComparison.Ordinal));
    }

    [Fact]
    public void Language_and_time_zone_are_passed_on_and_nothing_else()
    {
        foreach (string name in OfTheRouter)
            Set(name, $"value of {name}");
        Set("TERM", "dumb");
        Set("HOME", "/nowhere");
        Set("PATH", "/evil:" + Environment.GetEnvironmentVariable("PATH"));
        Set("LD_PRELOAD_OF_A_TEST", "/evil.so");

        Dictionary<string, string> variables = SessionEnvironment.Create();

        Assert.Equal(OfTheRouter.Order(), SessionEnvironment.PassedOn.Order());
        Assert.Equal(Always.Union(OfTheRouter).Order(), variables.Keys.Order());
        Assert.All(OfTheRouter, name => Assert.Equal($"value of {name}", variables[name]));
        Assert.Equal("xterm-256color", variables["TERM"]);
        Assert.NotEqual("/nowhere", variables["HOME"]);
        Assert.DoesNotContain("/evil", variables["PATH"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_asked_for_is_passed_on_where_the_router_has_it()
    {
        Set("ASKED_FOR", "here");
        Set("NOT_THERE", null);

        Dictionary<string, string> variables = SessionEnvironment.Create(["ASKED_FOR", "NOT_THERE"]);

        Assert.Equal("here", variables["ASKED_FOR"]);
        Assert.DoesNotContain("NOT_THERE", variables.Keys);
    }

    public void Dispose()
    {
        foreach ((string name, string? value) in _before)
            Environment.SetEnvironmentVariable(name, value);
    }

    private void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
