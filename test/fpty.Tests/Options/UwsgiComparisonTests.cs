using System.Diagnostics;
using Xunit;

namespace Forkpty.Options.Tests;

/// <summary>The same ini files through <c>uwsgi --show-config</c> and through fpty: names and values must be the same, in the same order.</summary>
public sealed class UwsgiComparisonTests : IDisposable
{
    private const string Uwsgi = "/usr/bin/uwsgi";

    private readonly Scratch _scratch = new();

    public static bool UwsgiIsMissing => !File.Exists(Uwsgi);

    public void Dispose() => _scratch.Dispose();

    [Theory(Skip = "uwsgi is not installed", SkipWhen = nameof(UwsgiIsMissing))]
    [InlineData("env = A=1\nenv=A=2\n  env  =   A = 3  \nenv = A=b ; c # d\nenv = \"A=q\"\nenv = A=tab\tinside")]
    [InlineData("; comment\n# comment\n\n\n   ; indented\nchdir = /tmp\n[other]\nchdir = /usr\n[uwsgi]\nlisten = 5")]
    [InlineData("set = base=/tmp\nset-placeholder = a=b\nset-ph = c=d\nenv = A=%(base)/%(a)/%(c)")]
    [InlineData("env = A=%(listen)\nlisten = 5\nlisten = 6\nenv = B=%(listen)")]
    [InlineData("set = listen=7\nenv = A=%(listen)")]
    [InlineData("set-ph = inner=x%(more)\nset-ph = more=y\nenv = A=%(inner)")]
    [InlineData("listen = 7\nenv = A=%(listen + 3)\nenv = A=%(listen - 9)\nenv = A=%(listen * 2)\nenv = A=%(listen / 2)\nenv = A=%(listen / 0)\nenv = A=%(listen ++)\nenv = A=%(listen --)\nenv = A=%(listen listen)\nenv = A=%(listen 1 + 1)")]
    [InlineData("env = A=%(no_such)\nenv = A=%()\nenv = A=$()\nenv = A=%(\nenv = A=$(NO_SUCH_VARIABLE)\nenv = A=$(date)")]
    [InlineData("env = A=$(HOME)$(HOME)\nenv = A=$(HOME)/@(%dfile.txt)/x\nenv = A=${HOME}")]
    [InlineData("env = A=@(%dfile.txt)@(%dfile.txt)")]
    [InlineData("env = A=%p\nenv = A=%d\nenv = A=%n\nenv = A=%s\nenv = A=%e\nenv = A=%c\nenv = A=%o\nenv = A=%x.\nenv = A=%v\nenv = A=%h\nenv = A=%k\nenv = A=%0-%1-%2-%9.\nenv = A=100%%")]
    [InlineData("env = A=%u %U %g %G")]
    [InlineData("listen = 1\ninclude = inner.ini\nlisten = 3")]
    [InlineData("ini = inner.ini:part\nenv = A=%(fromPart)")]
    [InlineData("ini = :second\nlisten = 3\n[second]\nlisten = 2\nenv = A=%x")]
    [InlineData("vacuum = true\nabstract-socket = false\nabstract-socket\nno-initgroups =")]
    [InlineData("env = A=back\\slash\\n\nenv = A=a=b=c\nchdir=/tmp\r\numask = 022\r")]
    [InlineData("chmod-socket = 660\nchown-socket = root:root\nmaster = true\nunshare = uts\nexec-as-root = hostname iaminajail\nuid = root\ngid = root")]
    public async Task The_same_file_comes_to_the_same_settings(string body)
    {
        var file = _scratch.Write("compared.ini", $"[uwsgi]\n{body}\n");
        _scratch.Write("file.txt", "contents\n");
        _scratch.Write("inner.ini", "[uwsgi]\nlisten = 2\nenv = A=%n %s %d\n[part]\nset-ph = fromPart=p\nenv = A=%x\n");

        var expected = await SettingsOfUwsgi();
        var configuration = CommandLine.Parse([file]).Configuration;
        var actual = new List<string>();
        foreach (var setting in configuration.Settings)
            if (IsCompared(setting.Option))
                actual.Add($"{setting.Name} = {setting.Value}");

        // %v is the directory that each program was started in.
        Assert.Equal(expected, actual.ConvertAll(line => line == $"env = A={Environment.CurrentDirectory}" ? $"env = A={_scratch.Path}" : line));
    }

    /// <summary>Options with an effect; what uWSGI prints of files and placeholders is their raw text.</summary>
    private static bool IsCompared(Option option) =>
        option.Relation is UwsgiRelation.Same or UwsgiRelation.Differs && option.Category != OptionCategory.Configuration;

    private async Task<List<string>> SettingsOfUwsgi()
    {
        var start = new ProcessStartInfo(Uwsgi, ["--show-config", "--ini", Path.Combine(_scratch.Path, "compared.ini")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _scratch.Path,
        };
        using var process = Process.Start(start)!;
        using var watchdog = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var settings = new List<string>();
            var begun = false;
            while (await process.StandardError.ReadLineAsync(watchdog.Token) is { } line && line != ";end of configuration")
            {
                var name = line.Split(" = ")[0];
                if (begun && OptionTable.TryFind(name, out var option) && IsCompared(option))
                    settings.Add(Normalized(option, line, name));
                begun |= line == "[uwsgi]";
            }

            Assert.True(begun, "uwsgi printed no configuration");
            return settings;
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>uWSGI prints a flag as it was written.</summary>
    private static string Normalized(Option option, string line, string name) =>
        option.Kind == OptionKind.Flag && OptionValue.TryFlag(line[(name.Length + 3)..].Trim(), out var on) ? $"{name} = {(on ? "true" : "false")}" : line;
}
