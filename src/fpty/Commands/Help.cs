using Forkpty.Options;

namespace Forkpty.Commands;

/// <summary><c>fpty help [TOPIC|OPTION]</c></summary>
internal static class Help
{
    public static int Run(CommandLine line)
    {
        if (line.Arguments.Count > 1)
            throw new ConfigurationException($"help {string.Join(' ', line.Arguments)}: one topic is enough.");
        Screen.Write(Text(line.Arguments is [var topic] ? topic : null));
        return ExitStatus.Fine;
    }

    private static string Text(string? topic) => topic switch
    {
        null => HelpText.Overview(),
        "options" => HelpText.Options(null),
        "router" => HelpText.Options(OptionCategory.Router),
        "client" => HelpText.Options(OptionCategory.Client),
        "shared" => HelpText.Options(OptionCategory.SharedPty),
        "jail" => HelpText.Options(OptionCategory.Jail),
        "process" or "log" => HelpText.Options(OptionCategory.Process),
        "configuration" => HelpText.Options(OptionCategory.Configuration),
        "files" or "ini" => HelpText.Files(),
        "status" => HelpText.Status(),
        _ => Array.IndexOf(CommandLine.VerbNames, topic) is >= 0 and var verb ? HelpText.About((Verb)verb) : About(topic),
    };

    private static string About(string topic)
    {
        var name = topic.TrimStart('-');
        if (OptionTable.TryFind(name, out var option))
            return HelpText.About(option);

        var nearest = NearestName.Find(name, CommandLine.VerbNames) ?? OptionTable.Nearest(name);
        throw new ConfigurationException(
            $"help {topic}: there is no such topic or option; {(nearest is null ? "fpty help options lists all options." : $"the nearest is {nearest}.")}");
    }
}
