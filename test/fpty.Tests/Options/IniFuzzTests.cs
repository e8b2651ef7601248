using System.Diagnostics;
using System.Text;
using Xunit;

namespace Forkpty.Options.Tests;

/// <summary>A random campaign against the ini reader, the same one in each run: whatever the file, it is read or refused in words, in little time and memory.</summary>
public sealed class IniFuzzTests
{
    private const int Files = 1_000;

    private static readonly string[] Pieces =
    [
        "[uwsgi]\n", "[fpty]\n", "[other]\n", "[", "]", "\n", "\r\n", " = ", "=", ";", "#", "%", "%%", "%(", "$(", "@(", ")", "(", " ", "\t", "a", "b", "set = ", "set-ph = ", "a=%(b)%(b)\n",
        "b=%(a)\n", "include = fuzz.ini\n", "include = other.ini\n", "include = fuzz.ini:other\n", "ini = :x\n", "listen = ", "100", "-1", "99999999999999999999", "chmod-socket", "unshare = uts,",
        "env = ", "%(a + 1)", "%(a / b)", "++", "--", " * ", "$(PATH)", "$(X:-", "@(/dev/null)", "@(/proc/self/status)", "@(/no/such)", "%d", "%p", "%Z", "\0", "é", "\ufeff", "\u001b[2J",
        "forkpty-router = /tmp/x\n", "strict = true\n", "master = true\n", "if-env = HOME\n", "plugins\n", "-9223372036854775808", "escape = ^]\n", "forkptyrouter-timeout = 5m\n", "'", "\"", "\\",
    ];

    [Fact]
    public void Random_files_are_read_or_refused_in_words()
    {
        using var scratch = new Scratch();
        scratch.Write("other.ini", "[uwsgi]\ninclude = other.ini\nset = a=%(b)%(b)%(b)\nset = b=%(a)%(a)\n");
        var path = Path.Combine(scratch.Path, "fuzz.ini");
        var random = new Random(1972);
        var longest = TimeSpan.Zero;
        var read = 0;
        var before = GC.GetTotalAllocatedBytes();
        for (var file = 0; file < Files; file++)
        {
            var bytes = Text(random);
            File.WriteAllBytes(path, bytes);
            var started = Stopwatch.GetTimestamp();
            try
            {
                var configuration = CommandLine.Parse([path]).Configuration;
                using var stream = new MemoryStream();
                configuration.WriteTo(stream);
                stream.Position = 0;
                Assert.Equal(configuration.Settings, Configuration.ReadFrom(stream).Settings);
                read++;
            }
            catch (ConfigurationException refusal)
            {
                Assert.NotEmpty(refusal.Message);
            }

            var time = Stopwatch.GetElapsedTime(started);
            longest = time > longest ? time : longest;
        }

        Assert.True(read > Files / 50, $"only {read} of {Files} files were read");
        Assert.True(longest < TimeSpan.FromSeconds(30), $"one file took {longest}");
        Assert.True(GC.GetTotalAllocatedBytes() - before < 16L * 1024 * 1024 * 1024);
    }

    private static byte[] Text(Random random)
    {
        var text = new StringBuilder(random.Next(4) > 0 ? "[uwsgi]\n" : "");
        for (var count = random.Next(random.Next(1, 60)); count > 0; count--)
            text.Append(Pieces[random.Next(Pieces.Length)]);
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (bytes.Length > 0 && random.Next(10) == 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }
}
