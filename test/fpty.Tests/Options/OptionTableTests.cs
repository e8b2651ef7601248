using Xunit;

namespace Forkpty.Options.Tests;

public sealed class OptionTableTests
{
    public static TheoryData<string> UsefulOptions()
    {
        var names = new TheoryData<string>();
        foreach (var option in OptionTable.All)
            if (option.Relation is not (UwsgiRelation.WithoutEffect or UwsgiRelation.Refused))
                names.Add(option.Name);

        return names;
    }

    [Theory, MemberData(nameof(UsefulOptions))]
    public void Every_option_is_explained_in_a_sentence_and_has_an_example_that_it_accepts(string name)
    {
        Assert.True(OptionTable.TryFind(name, out var option));
        Assert.EndsWith(".", option.Help, StringComparison.Ordinal);
        Assert.True(option.Help.Length > 10);
        if (option.Kind == OptionKind.Flag)
            return;
        Assert.NotNull(option.Example);
        Assert.Null(OptionValue.Complaint(option, option.Example));
        if (option.Default is not null)
            Assert.Null(OptionValue.Complaint(option, option.Default));
        if (option.ValueIfBare is not null)
            Assert.Null(OptionValue.Complaint(option, option.ValueIfBare));
    }

    public static TheoryData<string> OptionsWithoutEffect()
    {
        var names = new TheoryData<string>();
        foreach (var name in OptionTable.Names)
            if (OptionTable.TryFind(name, out var option) && option.WithoutEffect is not null)
                names.Add(name);

        return names;
    }

    [Theory, MemberData(nameof(OptionsWithoutEffect))]
    public void An_option_of_uWSGI_that_has_nothing_to_do_with_terminals_is_accepted_in_a_file_and_on_the_command_line_with_one_line(string name)
    {
        Assert.True(OptionTable.TryFind(name, out var option));
        var value = option.Kind == OptionKind.Flag ? "true" : "4";
        using var scratch = new Scratch();
        var file = scratch.Write("test.ini", $"[uwsgi]\nforkpty-router = /tmp/s\n{name} = {value}\n");

        foreach (var line in (CommandLine[])[CommandLine.Parse([file]), CommandLine.Parse(["--forkpty-router", "/tmp/s", .. option.Kind == OptionKind.Flag ? [$"--{name}"] : (string[])[$"--{name}", value]])])
        {
            Assert.Contains($": {name} does nothing here: {option.WithoutEffect}", Assert.Single(line.Configuration.Notices), StringComparison.Ordinal);
            Assert.Equal(["/tmp/s"], line.Configuration.All(OptionTable.Router));
        }
    }

    /// <summary>The options that a jail of uWSGI has most often.</summary>
    [Theory]
    [InlineData("master")]
    [InlineData("plugin")]
    [InlineData("plugins")]
    [InlineData("processes")]
    [InlineData("workers")]
    [InlineData("need-app")]
    [InlineData("die-on-term")]
    [InlineData("thunder-lock")]
    [InlineData("enable-threads")]
    [InlineData("no-orphans")]
    public void Among_them_is(string name) => Assert.Contains(name, OptionsWithoutEffect().Select(row => row.Data));

    [Fact]
    public void What_SIGHUP_reads_again_is_what_new_sessions_are_made_of_and_the_log()
    {
        string[] notOfASession = ["attach-targets"]; // the router decides at its start whether it enters targets at all
        var ofSessions = OptionTable.In(OptionCategory.Session).Select(option => option.Name).Except(notOfASession);

        Assert.Equal(
            ofSessions.Concat(["forkptyrouter-timeout", "logto"]).Order(),
            OptionTable.All.Where(option => option.ReadAgain).Select(option => option.Name).Order());
    }

    [Fact]
    public void Every_option_of_uWSGIs_forkptyrouter_and_pty_plugins_is_known()
    {
        string[] names =
        [
            "forkptyrouter", "forkpty-router", "forkptyurouter", "forkpty-urouter", "forkptyrouter-command", "forkpty-router-command",
            "forkptyrouter-cmd", "forkpty-router-cmd", "forkptyrouter-rows", "forkptyrouter-cols", "forkptyrouter-processes",
            "forkptyrouter-workers", "forkptyrouter-zerg", "forkptyrouter-fallback", "forkptyrouter-events", "forkptyrouter-cheap",
            "forkptyrouter-timeout", "forkptyrouter-stats", "forkptyrouter-stats-server", "forkptyrouter-ss", "forkptyrouter-harakiri",
            "pty-socket", "pty-log", "pty-input", "pty-connect", "pty-uconnect", "pty-no-isig", "pty-exec",
        ];
        Assert.All(names, name => Assert.True(OptionTable.TryFind(name, out var option) && option.Refused is null, name));
    }

    [Fact]
    public void No_letter_means_two_options_of_a_verb()
    {
        foreach (var verb in (Verb?[])[null, .. Enum.GetValues<Verb>()])
        {
            var letters = new HashSet<char>();
            Assert.All(OptionTable.All.Where(option => option.GoesWith(verb)), option => Assert.True(option.Short is not { } letter || letters.Add(letter), $"{verb} {option.Name}"));
        }
    }

    [Theory]
    [InlineData("forkpty-routr", "forkpty-router")]
    [InlineData("forkptyrouter_command", "forkptyrouter-command")]
    [InlineData("chmodsocket", "chmod-socket")]
    [InlineData("unshrae", "unshare")]
    [InlineData("something-else-entirely", null)]
    [InlineData("", null)]
    public void A_mistyped_name_finds_the_nearest_one(string typed, string? meant) => Assert.Equal(meant, OptionTable.Nearest(typed));

    [Theory]
    [InlineData("90", 90_000)]
    [InlineData("500ms", 500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("576h", 2_073_600_000)]
    [InlineData("0", 0)]
    public void A_time_is_seconds_or_has_a_unit(string text, int milliseconds)
    {
        Assert.True(OptionValue.TryDuration(text, out var time));
        Assert.Equal(milliseconds, (int)time.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("5d")]
    [InlineData("577h")]
    [InlineData("99999999h")]
    [InlineData("99999999999")]
    public void A_time_of_another_form_is_refused(string text) => Assert.False(OptionValue.TryDuration(text, out _));
}
