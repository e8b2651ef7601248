using System.Text;

namespace Forkpty.Options;

/// <summary>What <c>fpty --help</c> and <c>fpty help TOPIC</c> print.</summary>
internal static class HelpText
{
    /// <summary>The help that fits on one screen of 24 lines and 80 columns.</summary>
    public static string Overview()
    {
        var text = new StringBuilder(
            """
            fpty serves terminals: whoever connects to its socket gets a shell on a new
            terminal, inside a jail if you like, and can leave it and come back.

              fpty try                            a router and this terminal, to look
              fpty serve                          a router for you
              fpty jail.ini                       a router as uWSGI's options say
              fpty connect                        a new terminal; leave: Enter ~ .
              fpty connect --name build --keep    one that goes on without you
              fpty attach build                   back into it
              fpty ps                             what there is; detach, kill NAME
              fpty attach podman:web              into what runs; also doctor, orphans
              fpty connect /tmp/x.usocket         on another router; so all of these

            Options most used (on the command line --NAME VALUE, in a file NAME = VALUE):

            """);
        foreach (var option in MostUsed)
            text.Append($"  {$"--{option.Name} {option.Example}",-39}{Brief(option)}\n");

        return text.Append(
            """

            fpty help options     all options       fpty help forkptyrouter-timeout   one
            fpty help files       ini files         fpty help status       exit statuses

            """).ToString();
    }

    /// <summary>The options of one category, or of all that do something.</summary>
    public static string Options(OptionCategory? only)
    {
        var text = new StringBuilder();
        foreach (var category in OptionTable.UsefulCategories)
        {
            if (only is not null && only != category)
                continue;
            text.Append(text.Length > 0 ? "\n" : "").Append(OptionTable.Title(category)).Append('\n');
            foreach (var option in OptionTable.In(category))
            {
                if (option.WithoutEffect is not null)
                    continue;
                AppendOption(text, option);
            }
        }

        return text.ToString();
    }

    /// <summary>What one verb does, and its options.</summary>
    public static string About(Verb verb)
    {
        var text = new StringBuilder(Syntax(verb));
        foreach (var option in OptionTable.All)
            if (Array.IndexOf(option.Verbs, verb) >= 0 && option.IsUseful && (verb is not (Verb.Serve or Verb.Try) || (verb == Verb.Serve && option.Category is OptionCategory.Router or OptionCategory.Session)))
                AppendOption(text, option);

        return text.ToString();
    }

    /// <summary>How a verb is written, an empty line, and what it does, in lines of at most 80 columns.</summary>
    public static string Syntax(Verb verb) => verb switch
    {
        Verb.Serve =>
            """
            fpty serve [FILE.ini...] [OPTION...]

            A router. Alone, fpty serve listens on the socket of your own router, where
            fpty connect, attach and ps look by themselves:
            $XDG_RUNTIME_DIR/fpty/router.socket, or for root /run/fpty/router.socket.
            Other options: fpty help shared, jail, process and configuration.


            """,
        Verb.Connect =>
            """
            fpty connect [ADDRESS] [-- COMMAND...]

            This terminal on a new session of a router. Without ADDRESS the router is the
            user's own, which fpty serve starts: $XDG_RUNTIME_DIR/fpty/router.socket, or
            /run/fpty/router.socket, which is root's, and anybody's where his own is not
            there. The command, the window's size and TERM travel; to one's own router
            also the directory, LANG, LANGUAGE, LC_* and COLORTERM.
            After Enter, ~. leaves, ~d detaches, ~r redraws, ~s reports, ~? helps.


            """,
        Verb.Attach =>
            """
            fpty attach NAME [ADDRESS]
            fpty attach --create NAME [ADDRESS] [-- COMMAND...]
            fpty attach TARGET [-- COMMAND...]

            This terminal on a session that is there, with its screen as it was; or on a
            program inside of a container, a jail or a process that runs already: its
            number, or KIND:NAME. Nothing has to run in the target for that.
            Where input is piped in, it is typed in the session, and at its end the client
            leaves; the session goes on. With --read-only it looks on.


            """,
        Verb.Ps =>
            """
            fpty ps [ADDRESS]

            The sessions of your router, and then what else runs that can be attached to:
            containers, machines, pods and jails. With an ADDRESS that router's sessions.


            """,
        Verb.Doctor =>
            """
            fpty doctor TARGET

            Whether the target can be attached to: every precondition, and what to do about
            one that is not met. Status 1 where one is not. TARGET is KIND:NAME, a name
            alone or a process's number; KIND is one of docker, podman, lxc, incus,
            machine, k8s, runc, crun, systemd, jail, pid.


            """,
        Verb.Orphans =>
            """
            fpty orphans [TARGET...]

            Processes in targets that nobody can reach any more: their terminal is closed, or
            the client of the exec that started them is gone. Without TARGET in all
            targets; --hangup needs one.


            """,
        Verb.Detach => "fpty detach NAME [ADDRESS]\n\nMake every client leave the session, which goes on.\n",
        Verb.Kill => "fpty kill NAME [ADDRESS]\n\nHang the session up; what still runs 2 s later is killed.\n\n",
        Verb.Try => "fpty try [OPTION...]\n\nA router with both sockets in a jail, and this terminal on it; everything is\ngone at the end. It takes the options of fpty serve.\n",
        Verb.Help => "fpty help [VERB|TOPIC|OPTION]\n\nTopics are options, router, client, shared, jail, process, configuration, files\nand status.\n",
        Verb.Version => "fpty version\n\nThe version; fpty --version too.\n",
        Verb.Docs => $"fpty docs KIND\n\n{Wrapped(Commands.Docs.About)}",
        Verb.Upgrade => "fpty upgrade [ADDRESS]\n\nThe router goes on as the executable that is in the place of its own by now,\nwith every session and client; so does SIGUSR2.\n",
        _ => "fpty events [ADDRESS]\n\nA line of JSON for each thing that happens to a session; the first says ready.\n",
    };

    private static void AppendOption(StringBuilder text, Option option)
    {
        text.Append("  ").Append(Usage(option)).Append('\n');
        Wrap(text, option.Description, 8);
    }

    /// <summary>All about one option.</summary>
    public static string About(Option option)
    {
        var text = new StringBuilder().Append(Usage(option)).Append('\n');
        if (option.Refused is not null)
            Wrap(text, $"Not available: {option.Refused}", 4);
        if (option.WithoutEffect is not null)
            Wrap(text, $"Accepted, does nothing here: {option.WithoutEffect}", 4);
        if (option.Help.Length > 0)
            Wrap(text, option.Description, 4);

        AppendFact(text, "Other names:  ", string.Join(", ", option.Aliases));
        AppendFact(text, "Default:      ", option.Default);
        AppendFact(text, "Repeated:     ", option.Repeated && option.WithoutEffect is null ? "each one adds a value" : null);
        AppendFact(text, "At SIGHUP:    ", option.ReadAgain ? "read again" : null);
        AppendFact(text, "In a file:    ", option.CommandLineOnly || option.Help.Length == 0 ? null : $"{option.Name} = {option.Example ?? "true"}");
        AppendFact(text, "Beside uWSGI: ", option.Relation switch
        {
            UwsgiRelation.Differs => option.Differs,
            UwsgiRelation.OnlyHere => "only here.",
            UwsgiRelation.Same => "the same.",
            _ => null,
        });
        return text.ToString();
    }

    /// <summary>The syntax of ini files, in lines of at most 75 columns: the man page has five before each.</summary>
    public static string Files() =>
        """
        An ini file of fpty is one of uWSGI's. It is read as root, so it should be
        writable by root only.

          ; a comment, # as well, at the beginning of a line
          [uwsgi]                        or [fpty]; other sections are left out
          set-placeholder = jail=/srv/jail
          chroot = %(jail)               what set or another line defines
          env = TZ=$(TZ)                 from the environment; else $(TZ:-UTC)
          exec-as-root = hostname @(/etc/jailname)          what a file holds
          forkpty-router = /run/%n.socket                   %n: this file's name
          vacuum                         a name alone means true
          include = %dcommon.ini         FILE or FILE:SECTION

        Of one file with path /etc/fpty/jail.ini: %p the path, %d its directory
        with a slash, %c its directory's name, %s jail.ini, %n jail, %e ini, %o as
        it was named, %x the section asked for, %0 to %9 the parts of the
        directory; capitals: the file named on the command line. %v working
        directory, %h host name, %k processors, %u %U user, %g %G group, %t %T
        time in s and us, %V version, %% a percent sign. A placeholder can join
        and compute: %(a b), %(rows + 1).

        """;

    /// <summary>The exit statuses.</summary>
    public static string Status() =>
        """
          0    done
          1    refused or failed; standard error has the reason
          2    the command line or a configuration file is wrong; nobody was asked
          141  nobody reads standard output any more
          255  the router cannot be reached, or does not answer

        Of connect, attach and try:
          0 to 255  the program's own
          128 + N   signal N ended the program, or this client
          0         the person left, at the end of piped input too, or fpty detach
                    made this client leave
          254       disconnected by the router, or the connection was lost
          255       there is no router or no such session, it was refused, or
                    standard output cannot be written

        In raw mode, and with uWSGI's router, the end of a session is 0; over TCP a
        router that was killed looks the same there.

        """;

    /// <summary>The option as one writes it: <c>--listen NUMBER</c>, <c>--chmod-socket[=MODE]</c>, <c>--vacuum</c>.</summary>
    public static string Usage(Option option)
    {
        var name = option.Short is { } letter ? $"-{letter}, --{option.Name}" : $"--{option.Name}";
        if (option.Kind == OptionKind.Flag || option.Refused is not null)
            return name;
        return option.NeedsValue ? $"{name} {option.ValueName}" : $"{name}[={option.ValueName}]";
    }

    private static string Wrapped(string sentence)
    {
        var text = new StringBuilder();
        Wrap(text, sentence, 0);
        return text.ToString();
    }

    /// <summary>Breaks a sentence into lines of at most 80 columns.</summary>
    public static void Wrap(StringBuilder text, string sentence, int indent)
    {
        var column = 0;
        foreach (var word in sentence.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > 79)
            {
                text.Append('\n');
                column = 0;
            }

            if (column == 0)
                text.Append(' ', indent);
            else
                text.Append(' ');
            text.Append(word);
            column = (column == 0 ? indent : column + 1) + word.Length;
        }

        text.Append('\n');
    }

    private static Option[] MostUsed => [OptionTable.UwsgiRouter, OptionTable.Command, OptionTable.Unshare, OptionTable.User];

    private static string Brief(Option option) =>
        option == OptionTable.UwsgiRouter ? "the router's socket"
        : option == OptionTable.Command ? "what runs (default: /bin/sh)"
        : option == OptionTable.Unshare ? "own namespaces: uts,ipc,pid,..."
        : "the user that sessions run as";

    private static void AppendFact(StringBuilder text, string title, string? fact)
    {
        if (!string.IsNullOrEmpty(fact))
            Wrap(text, title + fact, 4);
    }
}
