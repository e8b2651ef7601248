using System.Diagnostics;
using Xunit;

namespace Forkpty.Options.Tests;

public sealed class DocumentTests
{
    public static TheoryData<string> Kinds() => [.. Commands.Docs.Kinds.Select(document => document.Kind)];

    public static bool MandocIsMissing => !IsInstalled("mandoc");

    public static bool ZshIsMissing => !IsInstalled("zsh");

    public static bool FishIsMissing => !IsInstalled("fish");

    [Theory, MemberData(nameof(Kinds))]
    public void The_committed_file_is_what_the_table_gives(string kind)
    {
        var (_, file, text) = Commands.Docs.Kinds.Single(document => document.Kind == kind);
        var path = Path.Combine(RepositoryRoot(), file);
        Assert.True(File.Exists(path) && File.ReadAllText(path) == text(), $"{file} is not what the option table gives; run make docs");
    }

    [Fact]
    public void The_help_fits_on_one_screen()
    {
        var lines = HelpText.Overview().TrimEnd('\n').Split('\n');
        Assert.True(lines.Length <= 23, $"{lines.Length} lines");
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Every_page_of_the_help_fits_in_80_columns()
    {
        Assert.All((HelpText.Options(null) + HelpText.Files() + HelpText.Status()).Split('\n'), line => Assert.True(line.Length <= 85, line));
        Assert.All(OptionTable.All, option => Assert.NotEmpty(HelpText.About(option)));
    }

    [Fact]
    public void How_long_a_time_may_be_is_said_wherever_an_option_takes_one()
    {
        foreach (var option in OptionTable.All.Where(option => option.Kind is OptionKind.Duration or OptionKind.Disconnect && option.WithoutEffect is null))
        {
            Expect(ConfigurationPage.Text().Split('\n').Single(line => line.StartsWith($"| `{option.Name}`", StringComparison.Ordinal)));
            Expect(ManPage.Text().Split(".It ").Single(item => item.StartsWith($"Fl \\-{option.Name.Replace("-", "\\-", StringComparison.Ordinal)} ", StringComparison.Ordinal)));
            Expect(HelpText.About(option));
        }

        Expect(HelpText.About(Verb.Connect));

        static void Expect(string text) => Assert.Contains(OptionValue.LongestTime, string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact(Skip = "mandoc is not installed", SkipWhen = nameof(MandocIsMissing))]
    public async Task The_man_page_is_without_warnings() => Assert.Equal("", await Output("mandoc", ["-T", "lint", "-W", "warning"], ManPage.Text()));

    [Fact]
    public async Task The_bash_completion_completes_options_words_and_verbs()
    {
        Assert.Equal("--forkptyrouter-command", await Completed("--forkptyrouter-com"));
        Assert.Equal("foreground", await Completed("--forkptyrouter-signal fo"));
        Assert.Equal("connect", await Completed("conn"));
    }

    [Theory]
    [InlineData("attach ", "build 7 podman:web jail:$(exit)")]
    [InlineData("attach b", "build")]
    [InlineData("kill ", "build 7")]
    [InlineData("kill build /no-such-", "")]
    [InlineData("detach b", "build")]
    [InlineData("doctor ", "podman:web jail:$(exit)")]
    [InlineData("doctor podman:w", "web")]
    [InlineData("attach --read", "--read-only")]
    [InlineData("attach --uid", "")]
    [InlineData("ps --", "--json --quiet --all --ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version")]
    [InlineData("connect --on-disconnect ", "hup keep kill")]
    [InlineData("connect --on-disconnect=k", "keep kill")]
    [InlineData("kill build --signal WIN", "WINCH")]
    [InlineData("connect --name ", "")]
    [InlineData("help orp", "orphans")]
    [InlineData("docs completion-b", "completion-bash")]
    public async Task The_bash_completion_knows_the_verb_and_the_names_of_what_there_is(string words, string completions) =>
        Assert.Equal(completions, (await Completed(words)).Replace("\\", "", StringComparison.Ordinal));

    [Fact(Skip = "mandoc is not installed", SkipWhen = nameof(MandocIsMissing))]
    public async Task The_man_page_fits_in_80_columns_and_has_what_every_verb_does()
    {
        var page = await Output("mandoc", ["-T", "ascii"], ManPage.Text());
        var lines = System.Text.RegularExpressions.Regex.Replace(page, ".\b", "").Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        string[] sections = ["VERBS", "INI FILES", "ENVIRONMENT", "FILES", "EXIT STATUS"];
        Assert.All(sections, section => Assert.Contains(section, lines));
        Assert.All(CommandLine.VerbNames, verb => Assert.Contains(lines, line => line.TrimStart().StartsWith($"fpty {verb}", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_help_of_a_verb_begins_with_how_it_is_written()
    {
        Assert.All(Enum.GetValues<Verb>(), verb => Assert.StartsWith($"fpty {CommandLine.VerbNames[(int)verb]}", HelpText.About(verb), StringComparison.Ordinal));
        Assert.Contains("fpty serve listens on the socket of your own router", HelpText.About(Verb.Serve), StringComparison.Ordinal);
        Assert.Contains("--forkpty-urouter ADDRESS", HelpText.About(Verb.Serve), StringComparison.Ordinal);
        Assert.DoesNotContain("--uid", HelpText.About(Verb.Connect), StringComparison.Ordinal);
    }

    [Fact(Skip = "zsh is not installed", SkipWhen = nameof(ZshIsMissing))]
    public async Task The_zsh_completion_is_zsh() => Assert.Equal("", await Output("zsh", ["-n"], Completions.Zsh()));

    [Fact(Skip = "fish is not installed", SkipWhen = nameof(FishIsMissing))]
    public async Task The_fish_completion_is_fish() => Assert.Equal("", await Output("fish", ["--no-execute"], Completions.Fish()));

    private static Task<string> Completed(string words) =>
        Output("bash", [], $"{Completions.Bash()}\nfpty() {{ [[ $* == 'ps -q' ]] && printf '%s\\n' build 7 podman:web 'jail:$(exit)'; }}\nCOMP_LINE='fpty {words}'; COMP_POINT=${{#COMP_LINE}}; _fpty; printf %s \"${{COMPREPLY[*]}}\"\n");

    private static async Task<string> Output(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        using var process = Process.Start(start)!;
        using var watchdog = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.StandardInput.WriteAsync(input.AsMemory(), watchdog.Token);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(watchdog.Token);
        var output = await process.StandardOutput.ReadToEndAsync(watchdog.Token);
        return output + await errors;
    }

    private static bool IsInstalled(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));

    private static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Forkpty.slnx")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
