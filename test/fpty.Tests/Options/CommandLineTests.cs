using Forkpty.Client;
using Xunit;

namespace Forkpty.Options.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("serve --forkpty-router /tmp/x")]
    [InlineData("--forkpty-router /tmp/x")]
    [InlineData("--forkptyrouter=/tmp/x --master")]
    [InlineData("-M --forkpty-router /tmp/x")]
    public void A_router_socket_serves_with_and_without_the_verb(string words)
    {
        var line = Parse(words);
        Assert.Equal(Verb.Serve, line.Verb);
        Assert.Equal(["/tmp/x"], line.Configuration.All(OptionTable.Router));
    }

    [Fact]
    public void Pty_connect_without_a_verb_connects_as_in_uWSGI()
    {
        Assert.Equal(Verb.Connect, Parse("--pty-connect /tmp/x").Verb);
        Assert.Equal(Verb.Connect, Parse("--pty-uconnect /tmp/x").Verb);
    }

    [Fact]
    public void The_verb_connect_speaks_uwsgi_packets_unless_raw_is_asked_for()
    {
        var framed = Parse("connect /tmp/x --escape ^]").Configuration;
        Assert.Equal("/tmp/x", framed.Text(OptionTable.UwsgiConnect));
        Assert.Null(framed.Text(OptionTable.Connect));
        Assert.Equal("^]", $"{framed.EscapeKey}");

        var raw = Parse("connect --raw /tmp/x").Configuration;
        Assert.Equal("/tmp/x", raw.Text(OptionTable.Connect));
        Assert.Null(raw.Text(OptionTable.UwsgiConnect));
        Assert.Equal(EscapeKey.Default, raw.EscapeKey);
        Assert.Equal(EscapeKey.None, Parse("connect /tmp/x --escape none").Configuration.EscapeKey);
        Assert.Equal("^?", $"{Parse("connect /tmp/x --escape ^?").Configuration.EscapeKey}");
        Assert.Contains("is no escape key", Assert.Throws<ConfigurationException>(() => Parse("connect /tmp/x --escape .")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_after_the_dashes_are_the_command_untouched()
    {
        var line = Parse("connect /a --keep 30m -- ls --name -- /b --json");
        Assert.Equal(["ls", "--name", "--", "/b", "--json"], line.Command);
        Assert.Equal("/a", line.Configuration.Text(OptionTable.UwsgiConnect));
        Assert.Equal(TimeSpan.FromMinutes(30), line.Configuration.Duration(OptionTable.Keep));
        Assert.Empty(Parse("connect /a --keep").Command);
    }

    [Fact]
    public void An_option_that_can_do_without_a_value_does_not_take_the_dashes() =>
        Assert.Equal(["sleep", "9"], Parse("connect /a --keep -- sleep 9").Command);

    [Theory]
    [InlineData("attach a /b", "a", "/b")]
    [InlineData("detach a /b", "a", "/b")]
    [InlineData("kill a /b --signal int", "a", "/b")]
    [InlineData("attach a b", "a", "b")]
    public void The_name_of_a_session_comes_before_the_address(string words, string name, string address)
    {
        var line = Parse(words);
        Assert.Equal(name, line.Arguments[0]);
        Assert.Equal(address, line.Configuration.Text(OptionTable.UwsgiConnect));
    }

    [Theory]
    [InlineData("INT", 2)]
    [InlineData("SIGTERM", 15)]
    [InlineData("usr1", 10)]
    [InlineData("64", 64)]
    [InlineData("0", 0)]
    [InlineData("65", 0)]
    [InlineData("SIG", 0)]
    [InlineData("", 0)]
    public void A_signal_has_a_name_or_a_number(string text, int number)
    {
        Assert.Equal(number > 0, SignalName.TryParse(text, out var signal));
        if (number > 0)
            Assert.Equal(number, signal);
    }

    [Theory]
    [InlineData("--help", "")]
    [InlineData("-h", "")]
    [InlineData("serve --help", "serve")]
    [InlineData("connect -h", "connect")]
    [InlineData("help options", "options")]
    [InlineData("help --uid", "--uid")]
    [InlineData("--no-such-option --help", "")]
    public void Help_is_reached_from_everywhere(string words, string topic)
    {
        var line = Parse(words);
        Assert.Equal(Verb.Help, line.Verb);
        Assert.Equal(topic, string.Join(' ', line.Arguments));
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("-V")]
    [InlineData("version")]
    [InlineData("serve --listen 5 --version")]
    public void Version_is_reached_from_everywhere(string words) => Assert.Equal(Verb.Version, Parse(words).Verb);

    [Fact]
    public void The_version_printed_is_that_of_the_build()
    {
        var assembly = typeof(CommandLine).Assembly.GetName().Version!;
        Assert.Equal(Commands.Version.Number, $"{assembly.Major}.{assembly.Minor}.{assembly.Build}");
    }

    [Theory]
    [InlineData("--chmod-socket", "666")]
    [InlineData("--chmod-socket=660", "660")]
    [InlineData("--chmod-socket 660", "660")]
    [InlineData("-C660", "660")]
    [InlineData("-C", "666")]
    [InlineData("--chmod-socket --vacuum", "666")]
    public void The_mode_of_a_socket_may_be_left_out(string words, string mode) =>
        Assert.Equal(mode, Parse(words).Configuration.Text(OptionTable.SocketMode));

    [Fact]
    public void Short_forms_take_values_and_go_together()
    {
        Assert.Equal(200, Parse("-Mal 200").Configuration.Number(OptionTable.Listen));
        Assert.Equal(200, Parse("-l200").Configuration.Number(OptionTable.Listen));
        Assert.True(Parse("-Ma").Configuration.Flag(OptionTable.AbstractSocket));
    }

    [Fact]
    public void A_value_that_begins_with_dashes_is_taken_as_it_is() =>
        Assert.Equal("--login", Parse("--pty-exec --login").Configuration.Text(OptionTable.SharedCommand));

    [Fact]
    public void The_command_line_wins_over_files_and_the_last_word_wins()
    {
        using var scratch = new Scratch();
        var text = "[uwsgi]\nlisten = 1\nlisten = 2\nforkpty-router = /a\n";
        Assert.Equal(2, scratch.Read(text).Number(OptionTable.Listen));
        Assert.Equal(4, scratch.Read(text, "--listen", "3", "--listen", "4").Number(OptionTable.Listen));
        Assert.Equal(["/a", "/b"], scratch.Read(text, "--forkpty-router", "/b").All(OptionTable.Router));
    }

    [Theory]
    [InlineData("srve", "srve: there is no command and no file of this name; the nearest is serve.")]
    [InlineData("--forkpty-routr /x", "--forkpty-routr: there is no option of this name; the nearest is --forkpty-router.")]
    [InlineData("--listen", "--listen: a value is missing, as in --listen 1024.")]
    [InlineData("--listen many", "--listen many: this is a whole number from 1 to 65535.")]
    [InlineData("--listen 65536", "--listen 65536: this is a whole number from 1 to 65535.")]
    [InlineData("--chmod-socket=9", "--chmod-socket 9: permissions are three or four octal digits, as 660.")]
    [InlineData("--unshare uts,usr", "--unshare uts,usr: allowed are fs, ipc, pid, uts, net, user and cgroup, several of them separated by commas.")]
    [InlineData("--forkptyrouter-signal both", "--forkptyrouter-signal both: allowed are foreground and leader.")]
    [InlineData("serve --attach-targets web", "--attach-targets web: no target can be called web: it is a kind, a colon and a name, as podman:web-*; kinds are pid, docker, podman,")]
    [InlineData("serve --attach-targets pid:*,podman", "--attach-targets pid:*,podman: no target can be called podman: ")]
    [InlineData("serve --attach-targets Podman:x", "--attach-targets Podman:x: no target can be called Podman:x: ")]
    [InlineData("serve --attach-targets jail:", "--attach-targets jail:: no target can be called jail:: ")]
    [InlineData("serve --attach-targets web*", "--attach-targets web*: no target can be called web*: ")]
    [InlineData("serve --attach-targets ,", "--attach-targets ,: a value is missing.")]
    [InlineData("--vacuum=maybe", "--vacuum maybe: it is switched with true, yes, on, 1 or false, no, off, 0.")]
    [InlineData("-Q", "-Q: there is no option of this letter; fpty help options lists them all.")]
    [InlineData("connect --raw", "connect --raw: the address of a router is missing, as in fpty connect --raw /run/fpty.socket.")]
    [InlineData("connect /a /b", "connect /a /b: one address is enough; a command comes after --.")]
    [InlineData("ps /a /b", "ps /a /b: one address is enough.")]
    [InlineData("attach", "attach: the name of a session is missing, as in fpty attach build; fpty ps lists them.")]
    [InlineData("kill a /b /c", "kill a /b /c: one address is enough.")]
    [InlineData("kill a --signal NOPE", "--signal NOPE: this is the name of a signal, as TERM, or its number from 1 to 64.")]
    [InlineData("connect /a --name -x", "--name -x: a session's name has 1 to 64 letters")]
    [InlineData("connect /a --on-disconnect later", "--on-disconnect later: allowed are hup, keep, keep=TIME as keep=30m, and kill.")]
    [InlineData("serve --keep", "--keep goes with the verb connect or attach only.")]
    [InlineData("serve --json", "--json goes with the verb ps, doctor or orphans only.")]
    [InlineData("connect :99999", "--pty-uconnect :99999: ")]
    [InlineData("--raw", "--raw goes with the verb connect only.")]
    [InlineData("try this", "try this: it takes options only.")]
    [InlineData("connect --uid www-data -- id -un", "--uid goes with the verb serve or try only.")]
    [InlineData("connect --set uid=www-data", "--uid goes with the verb serve or try only.")]
    [InlineData("connect --chroot /srv", "--chroot goes with the verb serve or try only.")]
    [InlineData("connect --forkptyrouter-cmd X", "--forkptyrouter-cmd goes with the verb serve or try only.")]
    [InlineData("connect --master", "--master goes with the verb serve or try only.")]
    [InlineData("connect --socket :80", "--socket :80: socket is not available: ")]
    [InlineData("ps --uid root", "--uid goes with the verb serve or try only.")]
    [InlineData("ps --logto F", "--logto goes with the verb serve or try only.")]
    [InlineData("ps --env A=B", "--env goes with the verb serve, try, connect or attach only.")]
    [InlineData("ps --pty-uconnect /x", "--pty-uconnect goes with the verb connect only.")]
    [InlineData("serve --escape ^]", "--escape goes with the verb connect or attach only.")]
    [InlineData("connect /a --pty-uconnect /b", "connect /a: it has its address already.")]
    [InlineData("connect -M", "-M: connect has no option of this letter; fpty help connect lists them all.")]
    [InlineData("connect -s", "-s: connect has no option of this letter; fpty help connect lists them all.")]
    [InlineData("attach -t build", "-t: attach has no option of this letter; the nearest is --take or --toolbox.")]
    [InlineData("attach -d build", "-d: attach has no option of this letter; fpty help attach lists them all.")]
    [InlineData("ps -j", "-j: ps has no option of this letter; the nearest is --json.")]
    [InlineData("ps --al", "--al: there is no option of this name; the nearest is --all.")]
    [InlineData("ps all", "ps all: an option has dashes: --all.")]
    [InlineData("version --json", "--json goes with the verb ps, doctor or orphans only.")]
    [InlineData("version now", "version now: nothing can follow it.")]
    [InlineData("docs man --uid root", "--uid goes with the verb serve or try only.")]
    [InlineData("show-config --help", "show-config: there is no command and no file of this name; the nearest is --show-config.")]
    [InlineData("completions --help", "completions: there is no command and no file of this name; fpty help lists the commands.")]
    [InlineData("connect /a --name 42", "--name 42: a number is what sessions without a name are called by; a name has a letter in it.")]
    [InlineData("/no/such.ini", "--ini /no/such.ini: there is no file /no/such.ini.")]
    [InlineData("--socket :80", "--socket :80: socket is not available: fpty serves terminals only; forkpty-router and forkpty-urouter open its sockets.")]
    public void A_mistake_is_told_in_one_sentence(string words, string sentence) =>
        Assert.StartsWith(sentence, Assert.Throws<ConfigurationException>(() => Parse(words)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("atach s1 --take -Q", "atach: there is no command and no file of this name; the nearest is attach.")]
    [InlineData("al", "al: there is no command and no file of this name; the nearest is --all.")]
    public void Of_an_unknown_verb_nothing_else_is_told(string words, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<ConfigurationException>(() => Parse(words)).Message);

    [Theory]
    [InlineData("ps -a", "all")]
    [InlineData("ps -q", "quiet")]
    [InlineData("attach a -r", "read-only")]
    [InlineData("attach a -l", "login")]
    [InlineData("attach a -f", "follow")]
    [InlineData("connect -d", "detached")]
    [InlineData("serve -a", "abstract-socket")]
    [InlineData("-a", "abstract-socket")]
    public void A_letter_is_an_option_of_the_verb(string words, string name)
    {
        Assert.True(OptionTable.TryFind(name, out var option));
        Assert.True(Parse(words).Configuration.Flag(option));
    }

    [Fact]
    public void A_letter_of_a_verb_has_its_value()
    {
        Assert.Equal("INT", Parse("kill a -s INT").Configuration.Text(OptionTable.KillSignal));
        Assert.Equal("www-data", Parse("attach a -u www-data").Configuration.Text(OptionTable.TargetUser));
        Assert.Equal(["A=B"], Parse("connect -e A=B").Configuration.All(OptionTable.Environment));
        Assert.Equal("/log", Parse("serve -d /log").Configuration.Text(OptionTable.Daemonize));
    }

    [Fact]
    public void A_file_may_have_the_options_of_every_verb()
    {
        using var scratch = new Scratch();
        var file = scratch.Write("both.ini", "[fpty]\nforkpty-urouter = /r\nuid = root\nescape = ^]\n");
        Assert.Equal("^]", $"{Parse($"connect /r --ini {file}").Configuration.EscapeKey}");
        Assert.Equal("root", Parse($"serve {file}").Configuration.Text(OptionTable.User));
        Assert.Equal("/r", Parse($"connect --pty-uconnect /r --ini {file}").Configuration.Text(OptionTable.UwsgiConnect));
    }

    [Fact]
    public void Uwsgis_command_line_without_a_verb_has_the_options_of_router_and_client()
    {
        var line = Parse("--pty-uconnect /r --escape ^] --uid root --master --pty-no-isig");
        Assert.Equal(Verb.Connect, line.Verb);
        Assert.Equal(2, line.Configuration.Notices.Count);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("podman:*,jail:shop")]
    [InlineData("*:web, po*:x, systemd:*.service")]
    public void Patterns_of_targets_have_a_kind_or_leave_it_open(string patterns) =>
        Assert.Equal([patterns], CommandLine.Parse(["serve", "--attach-targets", patterns]).Configuration.All(OptionTable.AttachTargets));

    [Theory]
    [InlineData("attach a --login", "login", "--login: no")]
    [InlineData("attach a --login=yes", "login", "--login: no")]
    [InlineData("attach a --login=false", "login", "--login false: no")]
    [InlineData("connect /a --keep", "keep", "--keep: no")]
    [InlineData("connect /a --keep 5m", "keep", "--keep 5m: no")]
    public void A_value_that_nobody_typed_is_not_told(string words, string option, string sentence)
    {
        Assert.True(OptionTable.TryFind(option, out var which));
        Assert.Equal(sentence, Parse(words).Configuration.Find(which)!.Wrong("no").Message);
    }

    [Fact]
    public void Several_mistakes_are_told_at_once()
    {
        var message = Assert.Throws<ConfigurationException>(() => Parse("--listen x --umask 9 --unknown")).Message;
        Assert.Equal(3, message.Split('\n').Length);
    }

    [Fact]
    public void What_set_has_made_of_an_option_is_there_once_when_the_files_are_read_again() =>
        Assert.Equal(["/b"], Parse("--set a=/b --set forkpty-router=%(a)").Configuration.ReadAgain().All(OptionTable.Router));

    private static CommandLine Parse(string words) => CommandLine.Parse(words.Split(' '));
}
