using Forkpty.Options;

namespace Forkpty.Commands;

/// <summary><c>fpty help [TOPIC|OPTION]</c></summary>
internal static class Help
{
    public static int Run(CommandLine line)
    {
        Screen.Write(Text(line.Arguments is [var topic, ..] ? topic : null));
        return ExitStatus.Fine;
    }

    private static string Text(string? topic) => topic switch
    {
        null or "help" => HelpText.Overview(),
        "options" => HelpText.Options(null),
        "serve" or "router" => HelpText.Options(OptionCategory.Router) + "\n" + HelpText.Options(OptionCategory.Session),
        "connect" => HelpText.About(Verb.Connect),
        "attach" => HelpText.About(Verb.Attach),
        "ps" => HelpText.About(Verb.Ps),
        "detach" => HelpText.About(Verb.Detach),
        "kill" => HelpText.About(Verb.Kill),
        "events" => HelpText.About(Verb.Events),
        "upgrade" => HelpText.About(Verb.Upgrade),
        "doctor" => HelpText.About(Verb.Doctor),
        "orphans" => HelpText.About(Verb.Orphans),
        "client" => HelpText.Options(OptionCategory.Client),
        "try" => "fpty try: a router with both sockets in a jail, and this terminal on it; everything is gone at the end.\n",
        "shared" => HelpText.Options(OptionCategory.SharedPty),
        "jail" => HelpText.Options(OptionCategory.Jail),
        "process" or "log" => HelpText.Options(OptionCategory.Process),
        "configuration" => HelpText.Options(OptionCategory.Configuration),
        "files" or "ini" => HelpText.Files(),
        "status" => HelpText.Status(),
        "version" => "fpty version, fpty --version: the version.\n",
        "docs" => $"{Docs.Usage}\n",
        _ => About(topic),
    };

    private static string About(string topic)
    {
        var name = topic.TrimStart('-');
        if (OptionTable.TryFind(name, out var option))
            return HelpText.About(option);

        var nearest = OptionTable.Nearest(name);
        throw new ConfigurationException(
            $"help {topic}: there is no such topic or option; {(nearest is null ? "fpty help options lists all options." : $"the nearest is {nearest}.")}");
    }
}
