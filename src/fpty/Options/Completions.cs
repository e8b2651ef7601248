using System.Text;

namespace Forkpty.Options;

/// <summary>Completions for bash, zsh and fish: verbs, the options of the verb with their one sentence, words of choices, files, and from <c>fpty ps -q</c> the names of what there is.</summary>
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
        ("help", "explain a verb, a topic or an option"),
        ("version", "print the version"),
        ("docs", "print a document made from the option table"),
    ];

    private static string VerbWords => string.Join(' ', CommandLine.VerbNames);

    private static string Kinds => string.Join(' ', Array.ConvertAll(Commands.Docs.Kinds, document => document.Kind));

    private static string Topics => $"{VerbWords} options router client shared jail process configuration files status {string.Join(' ', OptionTable.NamesOf(OptionTable.All))}";

    public static string Bash()
    {
        var ofVerbs = new StringBuilder();
        foreach (var (verb, _) in Verbs)
            ofVerbs.Append($"            {verb}) options=\"{WithDashes(Parsed(verb))}\" ;;\n");
        var values = new Dictionary<string, string>();
        foreach (var option in Offered(OptionTable.All))
        {
            var action =
                option.Kind is OptionKind.File or OptionKind.Address ? "COMPREPLY=($(compgen -f -- \"$word\"))"
                : option.Kind == OptionKind.Directory ? "COMPREPLY=($(compgen -d -- \"$word\"))"
                : option.Suggestions.Length > 0 ? $"COMPREPLY=($(compgen -W \"{string.Join(' ', option.Suggestions)}\" -- \"$word\"))"
                : option.NeedsValue ? ":"
                : null;
            if (action is not null)
                values[action] = $"{(values.TryGetValue(action, out var others) ? $"{others}|" : "")}--{string.Join("|--", Names(option))}";
        }

        var ofValues = new StringBuilder();
        foreach (var (action, names) in values)
            ofValues.Append($"        {names}) {action}; return ;;\n");

        return $$"""
            # Made from the option table: fpty docs completion-bash
            # What fpty ps -q lists and fits a pattern.
            _fpty_names() {
                local name
                compopt +o filenames 2>/dev/null
                while IFS= read -r name; do
                    [[ $name =~ $1 && $name == "$word"* ]] && printf -v name %q "$name" && COMPREPLY+=("$name")
                done < <("${words[0]}" ps -q 2>/dev/null </dev/null)
            }
            _fpty() {
                local words word before verb options line=${COMP_LINE:0:COMP_POINT}
                read -ra words <<<"$line"
                [[ $line == *[[:space:]] ]] && words+=("")
                word=${words[-1]} before=${words[-2]} verb=${words[1]}
                COMPREPLY=()
                [[ $word == --*=* ]] && before=${word%%=*} word=${word#*=}
                case $before in
            {{ofValues.ToString().TrimEnd('\n')}}
                esac
                if [[ $word == -* ]]; then
                    case $verb in
            {{ofVerbs.ToString().TrimEnd('\n')}}
                        *) options="{{WithDashes(null)}}" ;;
                    esac
                    COMPREPLY=($(compgen -W "$options" -- "$word"))
                elif ((${#words[@]} == 2)); then
                    COMPREPLY=($(compgen -W "{{VerbWords}}" -- "$word") $(compgen -f -- "$word"))
                elif [[ $verb == help ]]; then
                    COMPREPLY=($(compgen -W "{{Topics}}" -- "$word"))
                elif [[ $verb == docs ]]; then
                    COMPREPLY=($(compgen -W "{{Kinds}}" -- "$word"))
                elif [[ $word != */* && $verb == attach ]]; then
                    _fpty_names .
                elif [[ $word != */* && $verb =~ ^(kill|detach)$ ]]; then
                    _fpty_names '^[^:]*$'
                elif [[ $word != */* && $verb =~ ^(doctor|orphans)$ ]]; then
                    _fpty_names :
                else
                    COMPREPLY=($(compgen -f -- "$word"))
                fi
                # Readline replaces what comes after a colon only.
                [[ $word == *:* && $COMP_WORDBREAKS == *:* ]] && COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*:}"}"}")
            }
            complete -o filenames -F _fpty fpty

            """;
    }

    public static string Zsh()
    {
        var text = new StringBuilder(
            """
            #compdef fpty
            # Made from the option table: fpty docs completion-zsh
            _fpty_names() {
                local -a names
                names=(${(f)"$(_call_program names ${(q)program} ps -q 2>/dev/null </dev/null)"})
                case $1 in
                    sessions) names=(${names:#*:*}) ;;
                    targets) names=(${(M)names:#*:*}) ;;
                esac
                compadd -a names
            }
            local program=$words[1] verb=$words[2]
            if (( CURRENT == 2 )) && [[ $verb != -* ]]; then
                local -a verbs=(

            """);
        foreach (var (verb, help) in Verbs)
            text.Append($"        '{verb}:{help}'\n");
        text.Append("    )\n    _describe command verbs\n    _files\n    return\nfi\ncase $verb in\n");
        foreach (var (verb, _) in Verbs)
        {
            text.Append($"    {verb})\n        shift words\n        (( CURRENT-- ))\n        _arguments -s");
            AppendForZsh(text, Parsed(verb));
            text.Append(verb switch
            {
                "attach" => "'1:name:_fpty_names' '*: :_files'",
                "detach" or "kill" => "'1:session:_fpty_names sessions' '*: :_files'",
                "doctor" => "'1:target:_fpty_names targets'",
                "orphans" => "'*:target:_fpty_names targets'",
                "help" => $"'1:topic:({Topics})'",
                "docs" => $"'1:kind:({Kinds})'",
                "version" or "try" => "",
                _ => "'*: :_files'",
            }).Append(" ;;\n");
        }

        text.Append("    *)\n        _arguments -s");
        AppendForZsh(text, null);
        return text.Append("'*: :_files' ;;\nesac\n").ToString();
    }

    private static void AppendForZsh(StringBuilder text, Verb? verb)
    {
        text.Append(" \\\n");
        foreach (var option in OptionTable.Of(verb))
        {
            var value = option.Kind switch
            {
                OptionKind.Flag => "",
                OptionKind.File or OptionKind.Address => ":file:_files",
                OptionKind.Directory => ":directory:_files -/",
                OptionKind.Choices => $":words:_values -s , word {string.Join(' ', option.Words)}",
                _ when option.Suggestions.Length > 0 => $":{option.Name}:({string.Join(' ', option.Suggestions)})",
                _ => $":{option.ValueName}:",
            };
            var many = option.Repeated ? "*" : "";
            var tail = $"[{Quoted(option.Help)}]{(option.Kind == OptionKind.Flag || option.NeedsValue ? "" : ":")}{value}";
            if (option.Short is { } letter)
                text.Append($"            '{many}-{letter}{(option.NeedsValue ? "+" : "")}{tail}' \\\n");
            foreach (var name in Names(option))
                text.Append($"            '{many}--{name}{(option.NeedsValue ? "=" : "")}{tail}' \\\n");
        }

        text.Append("            ");
    }

    public static string Fish()
    {
        var text = new StringBuilder(
            $"""
            # Made from the option table: fpty docs completion-fish
            function __fpty_verb
                set -l words (commandline -opc)
                set -q words[2]; and contains -- $words[2] {VerbWords}; and echo $words[2]; or echo none
            end
            function __fpty_has
                contains -- (__fpty_verb) $argv
            end
            complete -c fpty -n '__fpty_has help docs doctor orphans' -f
            complete -c fpty -n '__fpty_has attach' -a '(fpty ps -q 2>/dev/null </dev/null)'
            complete -c fpty -n '__fpty_has detach kill' -a '(fpty ps -q 2>/dev/null </dev/null | string match -v "*:*")'
            complete -c fpty -n '__fpty_has doctor orphans' -a '(fpty ps -q 2>/dev/null </dev/null | string match "*:*")'
            complete -c fpty -n '__fpty_has help' -a '{Topics}'
            complete -c fpty -n '__fpty_has docs' -a '{Kinds}'

            """);
        foreach (var (verb, help) in Verbs)
            text.Append($"complete -c fpty -n __fish_use_subcommand -a {verb} -d '{help}'\n");
        foreach (var option in Offered(OptionTable.All))
        {
            var verbs = string.Join(' ', Array.ConvertAll(option.Verbs, verb => CommandLine.VerbNames[(int)verb]));
            var condition = verbs.Length == 0 ? "" : $" -n '__fpty_has {(option.GoesWith(null) ? "none " : "")}{verbs}'";
            foreach (var name in Names(option))
            {
                var value = option.Kind switch
                {
                    OptionKind.Flag => "",
                    OptionKind.File or OptionKind.Address => " -r -F",
                    OptionKind.Directory => " -x -a '(__fish_complete_directories)'",
                    _ when option.Suggestions.Length > 0 => $" -x -a '{string.Join(' ', option.Suggestions)}'",
                    _ => option.NeedsValue ? " -x" : "",
                };
                var letter = option.Short is { } character && name == option.Name ? $" -s {character}" : "";
                text.Append($"complete -c fpty{condition}{letter} -l {name}{value} -d '{option.Help.Replace("'", "\\'", StringComparison.Ordinal)}'\n");
            }
        }

        return text.ToString();
    }

    private static Verb Parsed(string verb) => (Verb)Array.IndexOf(CommandLine.VerbNames, verb);

    private static IEnumerable<Option> Offered(IEnumerable<Option> options)
    {
        foreach (var option in options)
            if (option.IsUseful)
                yield return option;
    }

    private static string WithDashes(Verb? verb) => string.Join(' ', new List<string>(OptionTable.NamesOf(OptionTable.Of(verb))).ConvertAll(name => $"--{name}"));

    private static string[] Names(Option option) => [option.Name, .. option.Aliases];

    private static string Quoted(string sentence) =>
        sentence.Replace("'", "'\\''", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
}
