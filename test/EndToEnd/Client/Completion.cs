namespace Forkpty.EndToEnd;

/// <summary>The completions, where they are used: in a shell on a terminal, with the tab key. A function in fpty's place tells what the line has become.</summary>
public sealed class Completion
{
    /// <summary>What there is, and an error that nobody should see.</summary>
    private const string Names = "[ \"$*\" = 'ps -q' ] && { printf '%s\\n' build-7 podman:web; echo mis''hap >&2; return; }";

    public static TheoryData<string, string> Shells => new()
    {
        { "bash", $"source {Place("fpty.bash")}; fpty() {{ {Names}; echo \"[$*]\"; }}" },
        { "zsh", $"fpath=({Place("")} $fpath); autoload -Uz compinit; compinit -D -u; fpty() {{ {Names}; echo \"[$*]\" }}" },
        { "fish", $"source {Place("fpty.fish")}; function fpty; if test \"$argv\" = 'ps -q'; string split , build-7,podman:web; echo mis''hap >&2; return; end; echo \"[$argv]\"; end" },
    };

    [Theory(Timeout = Patience.Test), MemberData(nameof(Shells))]
    public async Task A_verb_and_an_option_and_a_word_are_completed(string shell, string preparation)
    {
        Assert.SkipUnless(File.Exists($"/usr/bin/{shell}"), $"{shell} is not installed");
        using var home = new TempDirectory();
        await using var terminal = await Terminal.StartAsync(Command(shell), environment: new Dictionary<string, string> { ["HOME"] = home.Root, ["XDG_CONFIG_HOME"] = home.Root, ["XDG_DATA_HOME"] = home.Root });
        await terminal.TypeAsync($"{preparation}; echo prepared-''1\r");
        await terminal.Output.ExpectAsync("prepared-1");

        await terminal.TypeAsync("fpty att\tbuild\r");
        await terminal.Output.ExpectAsync("[attach build]");
        await terminal.TypeAsync("fpty --forkptyrouter-wait\tover\r");
        await terminal.Output.ExpectAsync("[--forkptyrouter-wait-slaves over]");
        await terminal.TypeAsync("fpty --forkptyrouter-signal fo\tover\r");
        await terminal.Output.ExpectAsync("[--forkptyrouter-signal foreground over]");

        foreach (var (typed, line) in ((string, string)[])
        [
            ("attach bui\tover", "attach build-7 over"),
            ("kill bui\tover", "kill build-7 over"),
            ("detach bui\t", "detach build-7"),
            ("doctor podman:w\t", "doctor podman:web"),
            ("kill x --signal WIN\t", "kill x --signal WINCH"),
            ("connect --on-disconnect ki\t", "connect --on-disconnect kill"),
            ("connect --kee\tover", "connect --keep over"),
            ("connect --ui\t", "connect --ui"),
            ("help orp\t", "help orphans"),
            ("docs completion-f\t", "docs completion-fish"),
        ])
        {
            await terminal.TypeAsync($"fpty {typed}\r");
            await terminal.Output.ExpectAsync($"[{line}]");
        }

        Assert.DoesNotContain("mishap", terminal.Output.Text, StringComparison.Ordinal);
    }

    private static string[] Command(string shell) => shell switch
    {
        "bash" => ["/usr/bin/bash", "--norc", "--noprofile", "-i"],
        "zsh" => ["/usr/bin/zsh", "-f", "-i"],
        _ => ["/usr/bin/fish", "--no-config", "--interactive"],
    };

    private static string Place(string file) => Path.Combine(Binaries.Repository, "packaging/completions", file);
}
