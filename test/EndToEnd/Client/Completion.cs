namespace Forkpty.EndToEnd;

/// <summary>The completions, where they are used: in a shell on a terminal, with the tab key. A function in fpty's place tells what the line has become.</summary>
public sealed class Completion
{
    public static TheoryData<string, string> Shells => new()
    {
        { "bash", $"source {Place("fpty.bash")}; fpty() {{ echo \"[$*]\"; }}" },
        { "zsh", $"fpath=({Place("")} $fpath); autoload -Uz compinit; compinit -D -u; fpty() {{ echo \"[$*]\" }}" },
        { "fish", $"source {Place("fpty.fish")}; function fpty; echo \"[$argv]\"; end" },
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
    }

    private static string[] Command(string shell) => shell switch
    {
        "bash" => ["/usr/bin/bash", "--norc", "--noprofile", "-i"],
        "zsh" => ["/usr/bin/zsh", "-f", "-i"],
        _ => ["/usr/bin/fish", "--no-config", "--interactive"],
    };

    private static string Place(string file) => Path.Combine(Binaries.Repository, "packaging/completions", file);
}
