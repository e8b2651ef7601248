using System.Text;
using Xunit;

namespace Forkpty.Options.Tests;

public sealed class CanonicalFormTests
{
    [Fact]
    public void Settings_of_any_text_are_read_back_exactly_with_their_origin()
    {
        var random = new Random(20240229);
        var settings = new List<Setting>();
        string[] awkward = ["", " ", "\n", "a\tb", "\\", "\\n", "\\u0041", " = ", "\ud800", "\udc00x", "é\u2028€😀", "\x01\x1b\x7f", "; # [uwsgi]", "\r\n\r\n"];
        foreach (var text in awkward)
            settings.Add(new Setting(OptionTable.Environment, "env", "A=" + text, new Origin("/etc/" + text, 3)));
        for (var index = 0; index < 2_000; index++)
            settings.Add(new Setting(OptionTable.Environment, "env", "A=" + AnyText(random), random.Next(2) == 0 ? Origin.CommandLine : new Origin(AnyText(random), random.Next())));
        settings.Add(new Setting(OptionTable.Router, "forkpty-router", "/tmp/x", Origin.CommandLine));

        using var stream = new MemoryStream();
        new Configuration(settings, ["a notice"]).WriteTo(stream);
        stream.Position = 0;
        Assert.Equal(settings, Configuration.ReadFrom(stream).Settings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fpty settings 2\n")]
    [InlineData("fpty settings 1\nlisten = 5\t\t")]
    [InlineData("fpty settings 1\nlisten = x\t\t\n")]
    [InlineData("fpty settings 1\nno-such-option = x\t\t\n")]
    [InlineData("fpty settings 1\nlisten = 5\n")]
    [InlineData("fpty settings 1\nlisten = 5\tx\tfile\n")]
    [InlineData("fpty settings 1\nchdir = \\q\t\t\n")]
    [InlineData("fpty settings 1\nchdir = \\u12\t\t\n")]
    [InlineData("fpty settings 1\nchdir = \\\t\t\n")]
    [InlineData("fpty settings 1\n\n")]
    public void Anything_else_is_refused_in_words(string text) =>
        Assert.Throws<ConfigurationException>(() => Configuration.ReadFrom(new MemoryStream(Encoding.UTF8.GetBytes(text))));

    private static string AnyText(Random random) =>
        string.Create(random.Next(20), random, static (text, random) =>
        {
            for (var index = 0; index < text.Length; index++)
                text[index] = (char)(random.Next(3) == 0 ? random.Next(1, 0x10000) : random.Next(1, 0x80));
        });
}
