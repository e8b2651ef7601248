using System.Text;

namespace Forkpty.Options;

/// <summary>Completions for bash, zsh and fish: verbs, options with their one sentence, words of choices, files.</summary>
internal static class Completions
{
    private static readonly (string Verb, string Help)[] Verbs =
    [
        ("serve", "run a router"),
        ("connect", "put this terminal on a new session"),
        ("attach", "put this terminal on a session that is there"),
        ("ps", "list the sessions and targets"),
        ("detach", "make the clients of a session leave it"),
        ("kill", "end a session"),
        ("events", "tell what happens to sessions"),
        ("upgrade", "let a router go on as a newer executable"),
        ("doctor", "tell whether a target can be attached to"),
        ("orphans", "list what exec left behind in targets"),
        ("try", "a router and this terminal on it"),
        ("help", "explain a topic or an option"),
        ("version", "print the version"),
    ];

    public static string Bash()
    {
        var files = new List<string>();
        var directories = new List<string>();
        var words = new StringBuilder();
        var names = new StringBuilder();
        foreach (var option in Offered())
        {
            foreach (var name in Names(option))
            {
                names.Append(" --").Append(name);
                if (option.Kind is OptionKind.File or OptionKind.Address)
                    files.Add("--" + name);
                else if (option.Kind == OptionKind.Directory)
                    directories.Add("--" + name);
                else if (option.Words.Length > 0)
                    words.Append($"        --{name}) COMPREPLY=($(compgen -W \"{string.Join(' ', option.Words)}\" -- \"$word\")); return ;;\n");
            }
        }

        return $$"""
            # Made from the option table: fpty docs completion-bash
            _fpty() {
                local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
                case $before in
                    {{string.Join('|', files)}}) COMPREPLY=($(compgen -f -- "$word")); return ;;
                    {{string.Join('|', directories)}}) COMPREPLY=($(compgen -d -- "$word")); return ;;
            {{words.ToString().TrimEnd('\n')}}
                    help) COMPREPLY=($(compgen -W "options files status{{names.ToString().Replace("--", "", StringComparison.Ordinal)}}" -- "$word")); return ;;
                esac
                if [[ $word == -* ]]; then
                    COMPREPLY=($(compgen -W "{{names.ToString().TrimStart()}}" -- "$word"))
                elif ((COMP_CWORD == 1)); then
                    COMPREPLY=($(compgen -W "{{string.Join(' ', Array.ConvertAll(Verbs, verb => verb.Verb))}}" -- "$word") $(compgen -f -- "$word"))
                else
                    COMPREPLY=($(compgen -f -- "$word"))
                fi
            }
            complete -o filenames -F _fpty fpty

            """;
    }

    public static string Zsh()
    {
        var text = new StringBuilder("#compdef fpty\n# Made from the option table: fpty docs completion-zsh\n_fpty_first() {\n    local -a verbs=(\n");
        foreach (var (verb, help) in Verbs)
            text.Append($"        '{verb}:{help}'\n");
        text.Append("    )\n    _describe command verbs\n    _files\n}\n_arguments -s \\\n");
        foreach (var option in Offered())
        {
            foreach (var name in Names(option))
            {
                var action = option.Kind switch
                {
                    OptionKind.Flag => "",
                    OptionKind.File or OptionKind.Address => $":{option.ValueName}:_files",
                    OptionKind.Directory => $":{option.ValueName}:_files -/",
                    OptionKind.Choice => $":word:({string.Join(' ', option.Words)})",
                    OptionKind.Choices => $":words:_values -s , word {string.Join(' ', option.Words)}",
                    _ => $":{option.ValueName}:",
                };
                var sign = option.Kind == OptionKind.Flag ? "" : option.NeedsValue ? "=" : "=-:";
                text.Append($"    '{(option.Repeated ? "*" : "")}--{name}{sign.TrimEnd(':')}[{Quoted(option.Help)}]{(sign.EndsWith(':') ? ":" + action : action)}' \\\n");
            }
        }

        return text.Append("    '1: :_fpty_first' \\\n    '*: :_files'\n").ToString();
    }

    public static string Fish()
    {
        var text = new StringBuilder("# Made from the option table: fpty docs completion-fish\n");
        foreach (var (verb, help) in Verbs)
            text.Append($"complete -c fpty -n __fish_use_subcommand -a {verb} -d '{help}'\n");
        foreach (var option in Offered())
        {
            foreach (var name in Names(option))
            {
                var value = option.Kind switch
                {
                    OptionKind.Flag => "",
                    OptionKind.File or OptionKind.Address => " -r -F",
                    OptionKind.Directory => " -x -a '(__fish_complete_directories)'",
                    OptionKind.Choice or OptionKind.Choices => $" -x -a '{string.Join(' ', option.Words)}'",
                    _ => option.NeedsValue ? " -x" : "",
                };
                var letter = option.Short is { } character && name == option.Name ? $" -s {character}" : "";
                text.Append($"complete -c fpty{letter} -l {name}{value} -d '{option.Help.Replace("'", "\\'", StringComparison.Ordinal)}'\n");
            }
        }

        return text.ToString();
    }

    private static IEnumerable<Option> Offered()
    {
        foreach (var option in OptionTable.All)
            if (option.Relation is not (UwsgiRelation.Refused or UwsgiRelation.WithoutEffect))
                yield return option;
    }

    private static IEnumerable<string> Names(Option option) => [option.Name, .. option.Aliases];

    private static string Quoted(string sentence) =>
        sentence.Replace("'", "'\\''", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
}
