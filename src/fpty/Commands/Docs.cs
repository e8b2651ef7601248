using Forkpty.Options;

namespace Forkpty.Commands;

/// <summary><c>fpty docs KIND</c>: the documents that are made from the option table.</summary>
internal static class Docs
{
    /// <summary>Each kind, and the file of the repository that holds it.</summary>
    public static readonly (string Kind, string File, Func<string> Text)[] Kinds =
    [
        ("man", "packaging/man/fpty.1", ManPage.Text),
        ("configuration", "docs/configuration.md", ConfigurationPage.Text),
        ("completion-bash", "packaging/completions/fpty.bash", Completions.Bash),
        ("completion-zsh", "packaging/completions/_fpty", Completions.Zsh),
        ("completion-fish", "packaging/completions/fpty.fish", Completions.Fish),
    ];

    public static string KindNames => string.Join(", ", Array.ConvertAll(Kinds, kind => kind.Kind));

    public static int Run(CommandLine line)
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
