using System.Diagnostics.CodeAnalysis;
using Forkpty.Options;

namespace Forkpty.Commands;

/// <summary><c>fpty docs KIND</c>: the documents that are made from the option table.</summary>
internal static class Docs
{
    /// <summary>Whether this executable can write them: the small one has no room for what only the build of a package asks for.</summary>
    [FeatureSwitchDefinition("Forkpty.WritesDocuments")]
    public static bool IsSupported => !AppContext.TryGetSwitch("Forkpty.WritesDocuments", out var isOn) || isOn;

    /// <summary>Each kind, and the file of the repository that holds it.</summary>
    public static readonly (string Kind, string File, Func<string> Text)[] Kinds =
    [
        ("man", "packaging/man/fpty.1", ManPage.Text),
        ("configuration", "docs/configuration.md", ConfigurationPage.Text),
        ("completion-bash", "packaging/completions/fpty.bash", Completions.Bash),
        ("completion-zsh", "packaging/completions/_fpty", Completions.Zsh),
        ("completion-fish", "packaging/completions/fpty.fish", Completions.Fish),
    ];

    /// <summary>What it does, for the help.</summary>
    public static string About => IsSupported ? $"A document made from the table of options. KIND is one of {KindNames}." : NotHere;

    private const string NotHere = "This small executable writes no documents; ask the other one.";

    private static string KindNames => string.Join(", ", Array.ConvertAll(Kinds, kind => kind.Kind));

    public static int Run(CommandLine line) => IsSupported ? Write(line) : throw new ConfigurationException($"docs: {NotHere}");

    private static int Write(CommandLine line)
    {
        if (line.Arguments is [var asked])
        {
            foreach (var (kind, _, text) in Kinds)
            {
                if (kind == asked)
                {
                    Screen.Write(text());
                    return ExitStatus.Fine;
                }
            }
        }

        throw new ConfigurationException($"{string.Join(' ', ["docs", .. line.Arguments])}: say which one: {KindNames}.");
    }
}
