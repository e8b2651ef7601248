using System.Text;

namespace Forkpty.Options;

/// <summary>The man page fpty(1), in mdoc.</summary>
internal static class ManPage
{
    public static string Text()
    {
        var text = new StringBuilder(
            """
            .\" Made from the option table: fpty docs man
            .Dd $Mdocdate: November 24 2026 $
            .Dt FPTY 1
            .Os
            .Sh NAME
            .Nm fpty
            .Nd terminals on sockets: the forkpty router, its client and its jail
            .Sh SYNOPSIS
            .Nm
            .Op Cm serve
            .Op Ar file.ini
            .Op Ar options
            .Nm
            .Cm connect
            .Op Ar address
            .Op Ar options
            .Op Fl \- Ar command ...
            .Nm
            .Cm attach
            .Ar name
            .Op Ar address
            .Op Ar options
            .Nm
            .Cm ps | events | upgrade
            .Op Ar address
            .Nm
            .Cm detach | kill
            .Ar name
            .Op Ar address
            .Nm
            .Cm doctor
            .Ar target
            .Nm
            .Cm orphans
            .Op Ar target ...
            .Op Fl \-hangup
            .Nm
            .Cm try
            .Op Ar options
            .Nm
            .Cm help
            .Op Ar topic | option
            .Nm
            .Cm version
            .Nm
            .Cm docs
            .Ar kind
            .Sh DESCRIPTION
            .Nm
            gives everyone who connects to one of its sockets a program, usually a shell, on a new terminal.
            The router can live in a jail: namespaces of its own, another root directory, another user.
            It takes the options, the ini files and the clients of uWSGI's forkptyrouter and pty plugins.
            .Pp
            Options are written
            .Fl \-name Ar value
            or
            .Fl \-name Ns = Ns Ar value
            on the command line and
            .Ql name = value
            in a file.
            The last one wins, and the command line wins over files.
            .Pp
            Where
            .Ar address
            is left out, the router is the one that
            .Nm
            .Cm serve
            without options starts: at
            .Pa $XDG_RUNTIME_DIR/fpty/router.socket ,
            for root at
            .Pa /run/fpty/router.socket ,
            where a user without a router of his own looks too.
            .Sh KEYS
            After Enter, the escape character
            .Pq Ql ~
            and one of these keys:
            .Bl -tag -width Ds
            .It Cm \&.
            Disconnect.
            What becomes of the session then was told at its beginning.
            .It Cm d
            Leave the session, which goes on.
            .It Cm r
            Draw the screen again.
            .It Cm s
            Tell the session's name and its size.
            .It Cm ^Z
            Suspend the client.
            .It Cm \&?
            Help.
            .It Cm ~
            Type the escape character.
            .El
            .Pp
            But for the last one, each counts where no other key than Enter follows it within half a second, so that
            .Li ~dave/bin/x ,
            and a line
            .Li ~.
            in the middle of a text that is pasted, are typed as they are.
            Inside of a paste no key counts, and a text that itself contains the sequence that ends a paste does not end it.

            """);

        AppendVerbs(text);
        foreach (var category in OptionTable.UsefulCategories)
            AppendSection(text, category);

        text.Append(".Sh OPTIONS WITHOUT EFFECT\nThese options of uWSGI are accepted, and one line says that they do nothing:\n");
        AppendNames(text, OptionCategory.WithoutEffect);
        text.Append(
            """
            .Sh INI FILES
            .Bd -literal

            """);
        text.Append(Roff(HelpText.Files(), literal: true));
        text.Append(
            """
            .Ed
            .Sh ENVIRONMENT
            .Bl -tag -width Ds
            .It Ev XDG_RUNTIME_DIR
            The directory of the user's own router, in
            .Pa fpty/router.socket ;
            without it
            .Pa /run/user/UID ,
            where that is there.
            The user's own containers are looked for there too, and in
            .Ev HOME .
            .It Ev TERM
            The kind of this terminal: the sessions of the client have it.
            .It Ev LANG , LANGUAGE , LC_* , COLORTERM
            From a client to a new session of the user's own router, and into a target.
            From a router to its sessions.
            .It Ev NOTIFY_SOCKET
            A router tells its service manager there that it is ready, reloads or stops.
            .It Ev LISTEN_FDS , LISTEN_PID , LISTEN_FDNAMES
            Sockets that a router has from its service manager.
            .It Ev JOURNAL_STREAM
            Where standard error is the journal's, lines of the log have their priority.
            .It Ev TMPDIR
            Where
            .Cm try
            keeps its files, as long as it runs.
            .El
            .Pp
            An ini file can use any variable.
            .Sh FILES
            .Bl -tag -width Ds
            .It Pa $XDG_RUNTIME_DIR/fpty/router.socket , /run/fpty/router.socket
            The socket of
            .Cm serve
            without options: of a user, and of root.
            .It Pa /etc/passwd , /etc/group
            The users and groups of
            .Fl \-uid
            and
            .Fl \-gid ,
            and home and shell of sessions.
            .It Pa /usr/bin/busybox , /bin/busybox , /usr/local/bin/busybox
            What
            .Fl \-toolbox
            brings along.
            .El
            .Sh EXIT STATUS
            .Bl -tag -width Ds
            .It 0
            All went well.
            .It 1
            Refused or failed; standard error has the reason.
            .It 2
            The command line or a configuration file is wrong; nobody was asked.
            .It 141
            Nobody reads standard output any more.
            .It 255
            The router cannot be reached, or does not answer.
            .El
            .Pp
            Of
            .Cm connect , attach
            and
            .Cm try :
            .Bl -tag -width Ds
            .It 0 to 255
            The program's own status.
            .It 128 + N
            Signal N ended the program, or this client; 141 where nobody reads its output any more.
            .It 0
            The person left the session, at the end of piped input too, or
            .Cm detach
            made this client leave it.
            .It 254
            The router disconnected, or the connection was lost and not regained.
            In raw mode, and with uWSGI's router, this is told from the end of a session, which is 0 there,
            over a UNIX socket; over TCP the two look the same.
            .It 255
            There is no router or no such session, what was asked for was refused, or standard output cannot be written.
            .El
            .Sh EXAMPLES
            A router in a jail with its own host name:
            .Bd -literal -offset indent
            [uwsgi]
            master = true
            unshare = uts
            exec\-as\-root = hostname iaminajail
            uid = kratos
            gid = kratos
            forkpty\-router = /tmp/fpty.socket
            .Ed
            .Pp
            This terminal on it:
            .Dl fpty connect /tmp/fpty.socket \-\-raw
            .Pp
            A session that goes on when its terminal is closed, and back into it:
            .Dl fpty connect \-\-name build \-\-keep \-\- make \-j8
            .Dl fpty attach build
            .Sh SEE ALSO
            .Xr unshare 1 ,
            .Xr pty 7

            """);
        return text.ToString();
    }

    private static void AppendVerbs(StringBuilder text)
    {
        text.Append(".Sh VERBS\n.Bl -tag -width Ds\n");
        for (var verb = (Verb)0; (int)verb < CommandLine.VerbNames.Length; verb++)
        {
            var parts = HelpText.Syntax(verb).TrimEnd('\n').Split("\n\n", 2);
            text.Append($".It Cm {CommandLine.VerbNames[(int)verb]}\n.Bd -literal -compact\n{Roff(parts[0], literal: true)}\n.Ed\n{Roff(parts[1].Replace('\n', ' '))}\n");
            var own = new List<string>();
            foreach (var option in OptionTable.All)
                if (option.IsUseful && verb is not (Verb.Serve or Verb.Try) && Array.IndexOf(option.Verbs, verb) >= 0)
                    own.Add($"--{option.Name}");
            if (own.Count > 0)
                text.Append($"{(own.Count > 1 ? "Its options are" : "Its option is")} {Roff(OptionValue.Listed(own))}.\n");
        }

        text.Append(".El\n");
    }

    private static void AppendSection(StringBuilder text, OptionCategory category)
    {
        text.Append(".Sh ").Append(OptionTable.Title(category).ToUpperInvariant()).Append(" OPTIONS\n.Bl -tag -width Ds\n");
        foreach (var option in OptionTable.In(category))
        {
            if (option.WithoutEffect is not null)
                continue;
            text.Append(".It ");
            if (option.Short is { } letter)
                text.Append("Fl ").Append(letter).Append(" , ");
            text.Append("Fl \\-").Append(Roff(option.Name));
            if (option.Kind != OptionKind.Flag)
                text.Append(option.NeedsValue ? " Ar " : " Op Ar ").Append(Roff(option.ValueName.Replace("|", "_or_", StringComparison.Ordinal)).Replace("_or_", "\\(ba", StringComparison.Ordinal));
            text.Append('\n').Append(Roff(option.Description)).Append('\n');
            if (option.Default is not null)
                text.Append("Default: ").Append(Roff(option.Default)).Append(".\n");
            if (option.ReadAgain)
                text.Append("Read again at SIGHUP.\n");
            if (option.Differs is not null)
                text.Append("Beside uWSGI: ").Append(Roff(option.Differs)).Append('\n');
            if (option.Aliases.Length > 0)
                text.Append("Other names: ").Append(Roff(string.Join(", ", option.Aliases))).Append(".\n");
        }

        text.Append(".El\n");
    }

    private static void AppendNames(StringBuilder text, OptionCategory category)
    {
        var names = new List<string>();
        foreach (var option in OptionTable.In(category))
            names.Add(Roff(option.Name));
        var line = new StringBuilder();
        HelpText.Wrap(line, string.Join(", ", names) + ".", 0);
        text.Append(line);
    }

    /// <summary>Escapes what roff would read; a sentence that ends inside starts a new line, as mdoc wants.</summary>
    private static string Roff(string plain, bool literal = false)
    {
        var escaped = plain.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        if (!literal)
            return escaped.Replace(". ", ".\n", StringComparison.Ordinal);

        var lines = escaped.Split('\n');
        for (var index = 0; index < lines.Length; index++)
            if (lines[index].Length > 0 && lines[index][0] is '.' or '\'')
                lines[index] = "\\&" + lines[index];
        return string.Join('\n', lines);
    }
}
