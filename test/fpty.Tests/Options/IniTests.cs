using Xunit;

namespace Forkpty.Options.Tests;

public sealed class IniTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_seed_configuration_is_read_as_it_stands()
    {
        var configuration = _scratch.Read(
            """
            [uwsgi]
            master = true
            unshare = uts
            exec-as-root = hostname iaminajail
            uid = kratos
            gid = kratos
            forkpty-router = /tmp/fpty.socket
            forkptyrouter-command= /bin/zsh
            """);

        Assert.Equal(["uts"], configuration.Words(OptionTable.Unshare));
        Assert.Equal(["hostname iaminajail"], configuration.All(OptionTable.ExecAsRoot));
        Assert.Equal("kratos", configuration.Text(OptionTable.User));
        Assert.Equal("kratos", configuration.Text(OptionTable.Group));
        Assert.Equal(["/tmp/fpty.socket"], configuration.All(OptionTable.Router));
        Assert.Equal("/bin/zsh", configuration.Text(OptionTable.Command));
        Assert.Contains("test.ini:2: master = true: master does nothing here: ", Assert.Single(configuration.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_hold_where_nothing_is_said()
    {
        var configuration = Configuration.Empty;
        Assert.Equal("/bin/sh", configuration.Text(OptionTable.Command));
        Assert.Equal(24, configuration.Number(OptionTable.Rows));
        Assert.Equal(80, configuration.Number(OptionTable.Columns));
        Assert.Equal(TimeSpan.Zero, configuration.Duration(OptionTable.Timeout));
        Assert.Null(configuration.Mode(OptionTable.SocketMode));
        Assert.False(configuration.Flag(OptionTable.Vacuum));
        Assert.Null(configuration.Number(OptionTable.MaxFiles));
    }

    [Fact]
    public void Values_have_their_types()
    {
        var configuration = _scratch.Read("[fpty]\nchmod-socket = 0660\nforkptyrouter-timeout = 90\numask = 027\nunshare = uts, mnt\nunshare = ns,pid\nvacuum\npty-log = no\n");
        Assert.Equal(Convert.ToInt32("660", 8), configuration.Mode(OptionTable.SocketMode));
        Assert.Equal(TimeSpan.FromSeconds(90), configuration.Duration(OptionTable.Timeout));
        Assert.Equal(Convert.ToInt32("027", 8), configuration.Mode(OptionTable.Umask));
        Assert.Equal(["uts", "fs", "pid"], configuration.Words(OptionTable.Unshare));
        Assert.True(configuration.Flag(OptionTable.Vacuum));
        Assert.False(configuration.Flag(OptionTable.SharedLog));
        Assert.True(configuration.Has(OptionTable.SharedLog));
    }

    [Theory]
    [InlineData("chmod-socket")]
    [InlineData("chmod-socket =")]
    [InlineData("chmod-socket = 1")]
    public void A_bare_chmod_socket_is_666(string line) =>
        Assert.Equal("666", _scratch.Read($"[uwsgi]\n{line}\n").Text(OptionTable.SocketMode));

    [Fact]
    public void Comments_blanks_windows_line_ends_and_other_sections_are_left_out()
    {
        var configuration = _scratch.Read("\ufeff; one\r\n  # two\r\n[other]\r\nnonsense = 1\r\n[uwsgi]\r\n\tenv  =  A=b ; c # d  \r\n[fpty]\r\nenv=C=d");
        Assert.Equal(["A=b ; c # d", "C=d"], configuration.All(OptionTable.Environment));
    }

    [Fact]
    public void A_section_is_chosen_after_a_colon()
    {
        var path = _scratch.Write("many.ini", "[uwsgi]\nlisten = 1\ninclude = :two\n[two]\nlisten = 2\nchdir = /%x\n");
        Assert.Equal(2, CommandLine.Parse([path]).Configuration.Number(OptionTable.Listen));
        Assert.Equal("/two", CommandLine.Parse([$"{path}:two"]).Configuration.Text(OptionTable.Chdir));
        Assert.EndsWith("has no section [three].", Assert.Throws<ConfigurationException>(() => CommandLine.Parse([$"{path}:three"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Placeholders_come_from_set_from_other_lines_and_from_the_command_line()
    {
        var text = "[uwsgi]\nset = base=/srv/%(project)\nproject = kratos\nchdir = %(base)/%(listen)\nlisten = 7\nlisten = 8\n";
        Assert.Equal("/srv/kratos/7", _scratch.Read(text).Text(OptionTable.Chdir));
        Assert.Equal("/opt/7", _scratch.Read(text, "--set", "base=/opt").Text(OptionTable.Chdir));
        Assert.Equal("/srv/zeus/7", _scratch.Read(text, "--set-ph", "project=zeus").Text(OptionTable.Chdir));
    }

    [Fact]
    public void Set_can_set_an_option_and_set_placeholder_cannot()
    {
        Assert.Equal(9, _scratch.Read("[uwsgi]\nset = listen=9\n").Number(OptionTable.Listen));
        Assert.Contains("listen is an option and cannot be a placeholder.", _scratch.Refusal("[uwsgi]\nset-ph = listen=9\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%(listen + 3)", "10")]
    [InlineData("%(listen - 10)", "-3")]
    [InlineData("%(listen * 6)", "42")]
    [InlineData("%(listen / 2)", "3")]
    [InlineData("%(listen / 0)", "0")]
    [InlineData("%(listen ++)", "8")]
    [InlineData("%(listen --)", "6")]
    [InlineData("%(listen listen)", "77")]
    [InlineData("%(listen 1 + 1)", "72")]
    public void Placeholders_join_and_compute(string expression, string result) =>
        Assert.Equal(result, _scratch.Read($"[uwsgi]\nlisten = 7\nchdir = {expression}\n").Text(OptionTable.Chdir));

    [Fact]
    public void Environment_and_files_come_in()
    {
        var file = _scratch.Write("name", "iaminajail\n");
        var home = Environment.GetEnvironmentVariable("PATH");
        var configuration = _scratch.Read($"[uwsgi]\nexec-as-root = hostname @({file})\nchdir = $(PATH)\nexec-as-user = echo $(date) $(NO_SUCH_THING:-x)\n");
        Assert.Equal("hostname iaminajail", configuration.Text(OptionTable.ExecAsRoot));
        Assert.Equal(home, configuration.Text(OptionTable.Chdir));
        Assert.Equal("echo $(date) x", configuration.Text(OptionTable.ExecAsUser));
    }

    [Fact]
    public void A_placeholder_that_nothing_defines_stays_and_is_told()
    {
        var configuration = _scratch.Read("[uwsgi]\nchdir = /srv/%(projct)\nlogformat = %(addr)\n");
        Assert.Equal("/srv/%(projct)", configuration.Text(OptionTable.Chdir));
        Assert.Contains(configuration.Notices, notice => notice.EndsWith("nothing is called projct, so %(projct) stays as it stands.", StringComparison.Ordinal));
    }

    [Fact]
    public void Magic_variables_name_the_file()
    {
        var path = _scratch.Write("a/b.c.ini", "[uwsgi]\nenv = p=%p\nenv = d=%d\nenv = n=%n\nenv = s=%s\nenv = e=%e\nenv = c=%c\nenv = q=%%\nenv = x=%x.\nenv = v=%v\nenv = z=%0\n");
        var values = CommandLine.Parse([path]).Configuration.All(OptionTable.Environment);
        var first = path.Split('/')[1];
        Assert.Equal(
            [$"p={path}", $"d={_scratch.Path}/a/", "n=b.c", "s=b.c.ini", "e=ini", "c=a", "q=%", "x=.", $"v={Environment.CurrentDirectory}", $"z={first}"], values);
    }

    [Fact]
    public void Capital_magic_variables_name_the_outermost_file()
    {
        _scratch.Write("inner.ini", "[uwsgi]\nenv = A=%n %N\n");
        Assert.Equal("A=inner test", _scratch.Read("[uwsgi]\ninclude = inner.ini\n").Text(OptionTable.Environment));
    }

    [Fact]
    public void An_unknown_magic_variable_is_an_error_where_the_option_has_an_effect()
    {
        Assert.Contains("test.ini:2: chdir = /a%Zb: %Z means nothing; write %% for a percent sign.", _scratch.Refusal("[uwsgi]\nchdir = /a%Zb\n"), StringComparison.Ordinal);
        Assert.Contains("a % at the end means nothing", _scratch.Refusal("[uwsgi]\nchdir = 50%\n"), StringComparison.Ordinal);
        _scratch.Read("[uwsgi]\nlog-date = %Y-%m\n");
    }

    [Fact]
    public void Includes_are_found_beside_the_file_and_take_their_place_in_the_order()
    {
        _scratch.Write("sub/inner.ini", "[uwsgi]\nlisten = 2\nchdir = /inner\ninclude = inner2.ini\n");
        _scratch.Write("sub/inner2.ini", "[uwsgi]\nenv = DEEP=%d\n");
        var configuration = _scratch.Read("[uwsgi]\nlisten = 1\nset-ph = where=sub\ninclude = %(where)/inner.ini\nchdir = /outer\n");
        Assert.Equal(2, configuration.Number(OptionTable.Listen));
        Assert.Equal("/outer", configuration.Text(OptionTable.Chdir));
        Assert.Equal($"DEEP={_scratch.Path}/sub/", configuration.Text(OptionTable.Environment));
        Assert.EndsWith("sub/inner.ini:2", configuration.Find(OptionTable.Listen)!.Origin.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[uwsgi]\ninclude = test.ini\n", "test.ini:2: include = test.ini: test.ini includes itself.")]
    [InlineData("[uwsgi]\ninclude = other.ini\n", "test.ini:2: include = other.ini: there is no file ")]
    [InlineData("[uwsgi]\ninclude = http://x/y.ini\n", "only files can be read, not addresses.")]
    [InlineData("[uwsgi]\nlistn = 5\n", "test.ini:2: listn: there is no option of this name; the nearest is listen.")]
    [InlineData("[uwsgi]\nstrict = true\nplace = 5\nchdir = %(place)\n", "test.ini:3: place: there is no option of this name; ")]
    [InlineData("[uwsgi]\nforkptyrouter-rows = 0\n", "test.ini:2: forkptyrouter-rows = 0: this is a whole number from 1 to 65535.")]
    [InlineData("[uwsgi]\nuid =\n", "test.ini:2: uid: a value is missing.")]
    [InlineData("[uwsgi]\n= 5\n", "test.ini:2: = 5: there is no name before the =.")]
    [InlineData("listen = 5\n[uwsgi]\n", "test.ini:1: listen = 5: it stands before any section; write [uwsgi] above it.")]
    [InlineData("[uwsgi\nlisten = 5\n", "test.ini:1: [uwsgi: a section is written as [uwsgi].")]
    [InlineData("[web]\nlisten = 5\n", "test.ini has no section [uwsgi] or [fpty].")]
    [InlineData("[uwsgi]\nenv = A\n", "test.ini:2: env = A: this needs the form NAME=VALUE.")]
    [InlineData("[uwsgi]\nset = A\n", "test.ini:2: set = A: this needs the form NAME=VALUE.")]
    [InlineData("[uwsgi]\nchdir = @(/no/such)\n", "test.ini:2: chdir = @(/no/such): there is no file /no/such.")]
    [InlineData("[uwsgi]\nchdir = %(chdir)\n", "%(chdir) leads back to itself")]
    [InlineData("[uwsgi]\nif-env = HOME\nendif =\n", "test.ini:2: if-env = HOME: if-env is not available: fpty's ini files have no conditions")]
    [InlineData("[uwsgi]\nhttp-socket = :80\n", "http-socket is not available: fpty serves terminals only")]
    [InlineData("[uwsgi]\ncap = net_admin\n", "the jail would be weaker than the file says")]
    [InlineData("[uwsgi]\nhelp = true\n", "help is for the command line only.")]
    [InlineData("[uwsgi]\nchdir = a\0b\n", "a value cannot contain a NUL byte.")]
    public void A_mistake_is_told_with_its_place(string text, string sentence) => Assert.Contains(sentence, _scratch.Refusal(text), StringComparison.Ordinal);

    [Fact]
    public void An_error_cannot_send_control_characters_to_the_terminal() =>
        Assert.DoesNotContain(_scratch.Refusal("[uwsgi]\nlisten = \u001b]0;title\u0007\n"), character => char.IsControl(character));

    [Fact]
    public void Placeholders_that_multiply_each_other_end_in_an_error()
    {
        var text = "[uwsgi]\nset-ph = a0=0123456789\n";
        for (var level = 1; level < 40; level++)
            text += $"set-ph = a{level}=%(a{level - 1})%(a{level - 1})%(a{level - 1})%(a{level - 1})\n";
        var before = GC.GetTotalAllocatedBytes();
        Assert.Contains("test.ini:", _scratch.Refusal(text + "chdir = %(a39)\n"), StringComparison.Ordinal);
        Assert.True(GC.GetTotalAllocatedBytes() - before < 512L * 1024 * 1024);
    }

    [Fact]
    public void Includes_that_multiply_each_other_end_in_an_error()
    {
        for (var level = 0; level < 20; level++)
            _scratch.Write($"l{level}.ini", $"[uwsgi]\ninclude = l{level + 1}.ini\ninclude = l{level + 1}.ini\n");
        Assert.Contains("deep", _scratch.Refusal("[uwsgi]\ninclude = l0.ini\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_end_and_a_file_of_other_bytes_are_refused()
    {
        Assert.Contains("is longer than 1048576 bytes.", Assert.Throws<ConfigurationException>(() => CommandLine.Parse(["/dev/zero"])).Message, StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(_scratch.Path, "latin.ini"), [.. "[uwsgi]\nchdir = "u8, 0xe9, 0x0a]);
        Assert.Contains("is not UTF-8 text.", Assert.Throws<ConfigurationException>(() => CommandLine.Parse([Path.Combine(_scratch.Path, "latin.ini")])).Message, StringComparison.Ordinal);
        Assert.Contains("is a directory.", Assert.Throws<ConfigurationException>(() => CommandLine.Parse([_scratch.Path])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_config_prints_what_reads_back_as_the_same()
    {
        var configuration = _scratch.Read("[uwsgi]\nchdir = /50%%\nvacuum\nenv = A=b c\nset-ph = x=1\nlisten = %(x)0\n");
        var again = _scratch.Read(Commands.ShowConfig.Text(configuration));
        Assert.Equal("/50%", again.Text(OptionTable.Chdir));
        Assert.Equal(10, again.Number(OptionTable.Listen));
        Assert.Equal(["A=b c"], again.All(OptionTable.Environment));
        Assert.True(again.Flag(OptionTable.Vacuum));
    }
}
