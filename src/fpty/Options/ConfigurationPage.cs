using System.Text;

namespace Forkpty.Options;

/// <summary>docs/configuration.md: a table per category, with the relation to uWSGI.</summary>
internal static class ConfigurationPage
{
    public static string Text()
    {
        var text = new StringBuilder(
            """
            <!-- Made from the option table: fpty docs configuration -->
            # Configuration

            An option is written `--name value` or `--name=value` on the command line and `name = value` in an ini file, in the section `[uwsgi]` or
            `[fpty]`. The last one wins, and the command line wins over files. `fpty help NAME` tells about one option, `fpty --show-config FILE` prints
            what a file comes to.

            ```ini
            [uwsgi]
            master = true
            unshare = uts
            exec-as-root = hostname iaminajail
            uid = kratos
            gid = kratos
            forkpty-router = /tmp/fpty.socket
            forkptyrouter-command = /bin/zsh
            ```

            ## Ini files

            ```
            
            """);
        text.Append(HelpText.Files());
        text.Append(
            """
            ```

            As in uWSGI, a placeholder takes the first line of its name, wherever it stands, also further down and on the command line; what nothing
            defines stays as it stands, so that `$(date)` reaches a shell. An unknown name is a placeholder if some `%(name)` uses it, and an error if not
            (with `strict`: always). Different from uWSGI: an unknown `%` variable is an error, not empty; a missing section is an error; placeholders work in
            `include` too; conditions and loops (`if-env`, `for` ...) are refused. Bounds: 1 MiB a file, 64 files, 16 deep, 10,000 settings, 128 KiB a value.

            Exit statuses: 0 done, 1 refused or failed, 2 command line or configuration wrong, 141 nobody reads the output, 255 the router cannot be reached. Of connect, attach and try: the program's own, 128 + N where signal N ended the program or the client,
            254 disconnected by the router or connection lost, 255 could not attach; 0 too where the person left. In raw mode and with uWSGI's router the
            program's own is not on the wire: 0 at its end, 255 where all that came is a reason of the router's; a killed router gives 254 over a UNIX socket, and over TCP looks like that end.

            """);

        foreach (var category in OptionTable.UsefulCategories)
            AppendTable(text, category);
        AppendByReason(text, OptionCategory.WithoutEffect, "These options of uWSGI are accepted, and one line at start says that they do nothing.", option => option.WithoutEffect);
        AppendByReason(text, OptionCategory.Refused, "These options of uWSGI are errors, because a start without them would surprise or endanger.", option => option.Refused);
        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, OptionCategory category)
    {
        text.Append("\n## ").Append(OptionTable.Title(category)).Append("\n\n| option | what it does | default | example | beside uWSGI |\n| --- | --- | --- | --- | --- |\n");
        foreach (var option in OptionTable.In(category))
        {
            if (option.WithoutEffect is not null)
                continue;
            text.Append("| ").Append(Code(option.Name));
            if (option.Short is { } letter)
                text.Append(", ").Append(Code($"-{letter}"));
            foreach (var alias in option.Aliases)
                text.Append(", ").Append(Code(alias));
            text.Append(" | ").Append(Cell(option.Description)).Append(Cell(Allowed(option)));
            text.Append(" | ").Append(option.Default is null ? "" : Code(option.Default));
            text.Append(" | ").Append(option.CommandLineOnly ? Code($"--{option.Name}") : Code($"{option.Name} = {option.Example ?? "true"}"));
            text.Append(" | ").Append(option.Relation switch
            {
                UwsgiRelation.OnlyHere => "only here",
                UwsgiRelation.Differs => Cell(option.Differs!),
                _ => "same",
            });
            text.Append(" |\n");
        }
    }

    private static string Allowed(Option option)
    {
        var allowed = option.Words.Length > 0 ? $" Allowed: {string.Join(", ", option.Words)}." : "";
        return $"{allowed}{(option.Repeated ? " Can be repeated." : "")}{(option.ReadAgain ? " Read again at SIGHUP." : "")}";
    }

    private static void AppendByReason(StringBuilder text, OptionCategory category, string introduction, Func<Option, string?> reason)
    {
        text.Append("\n## ").Append(OptionTable.Title(category)).Append("\n\n").Append(introduction).Append("\n\n| options | why |\n| --- | --- |\n");
        var byReason = new List<(string Reason, List<string> Names)>();
        foreach (var option in OptionTable.All)
        {
            if (reason(option) is not { } why)
                continue;
            var row = byReason.FindIndex(row => row.Reason == why);
            if (row < 0)
                byReason.Add((why, [Code(option.Name)]));
            else
                byReason[row].Names.Add(Code(option.Name));
        }

        foreach (var (why, names) in byReason)
            text.Append("| ").Append(string.Join(", ", names)).Append(" | ").Append(Cell(Capitalized(why))).Append(" |\n");
    }

    private static string Capitalized(string sentence) =>
        sentence.StartsWith("fpty", StringComparison.Ordinal) || sentence.StartsWith("uWSGI", StringComparison.Ordinal)
            ? sentence
            : char.ToUpperInvariant(sentence[0]) + sentence[1..];

    private static string Code(string text) => $"`{text.Replace("|", "\\|", StringComparison.Ordinal)}`";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
