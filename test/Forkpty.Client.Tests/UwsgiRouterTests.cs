using System.Diagnostics;
using System.Security.Cryptography;
using Forkpty.Protocol;
using Xunit;

namespace Forkpty.Tests;

/// <summary>Against the router of uWSGI, where its forkptyrouter plugin is installed (Debian: uwsgi-core).</summary>
public sealed class UwsgiRouterTests
{
    [Theory(Timeout = 300_000)]
    [InlineData(WireMode.Uwsgi)]
    [InlineData(WireMode.Raw)]
    public async Task A_paste_of_200_KB_arrives_whole(WireMode mode)
    {
        using TestRouter directory = TestRouter.Listen(mode);
        await using Uwsgi uwsgi = await Uwsgi.StartAsync(directory.Directory);
        byte[] paste = new byte[200_000];
        new Random(7).NextBytes(paste);
        string sum = Convert.ToHexStringLower(SHA256.HashData(paste));

        await using TestTerminal terminal = await TestTerminal.StartAsync($"{TestTerminal.Executable} client {uwsgi.Address(mode)} {mode} none; echo status:$?");
        await terminal.WaitFor("# ");
        await terminal.Type("stty raw -echo; echo r''eady; head -c 200000 | sha256sum; stty sane; exit\r");
        await terminal.WaitFor("ready");
        await terminal.Type(paste);
        await terminal.WaitFor(sum);
        await terminal.WaitFor("status:");
        Assert.Equal(0, terminal.ClientStatus);
    }

    [Theory(Timeout = 150_000)]
    [InlineData(WireMode.Uwsgi)]
    [InlineData(WireMode.Raw)]
    public async Task A_pipe_is_fed_to_its_end_and_all_output_comes_back(WireMode mode)
    {
        using TestRouter directory = TestRouter.Listen(mode);
        await using Uwsgi uwsgi = await Uwsgi.StartAsync(directory.Directory);
        string output = Shell.Run($"printf 'cat\\nfoo' | {TestTerminal.Executable} client {uwsgi.Address(mode)} {mode} '~'", out int status);
        Assert.Equal(0, status);
        Assert.Equal(3, output.Split("foo").Length); // once echoed by the terminal, once printed by cat

        output = Shell.Run($"echo 'seq 100000; exit' | {TestTerminal.Executable} client {uwsgi.Address(mode)} {mode} '~'", out status);
        Assert.Equal(0, status);
        Assert.EndsWith("99999\r\n100000\r\n", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 150_000)]
    public async Task The_window_is_the_terminals_from_the_beginning_and_after_a_resize()
    {
        using TestRouter directory = TestRouter.Listen(WireMode.Uwsgi);
        await using Uwsgi uwsgi = await Uwsgi.StartAsync(directory.Directory);
        await using TestTerminal terminal = await TestTerminal.StartAsync(
            $"{TestTerminal.Executable} client {uwsgi.Address(WireMode.Uwsgi)} Uwsgi '~'; echo status:$?", new WindowSize(31, 97));
        await terminal.WaitFor("# ");
        await terminal.Type("stty size\r");
        await terminal.WaitFor("31 97\r\n");
        terminal.Resize(new WindowSize(52, 133));
        await terminal.Type("until stty size | grep 52; do :; done\r");
        await terminal.WaitFor("52 133\r\n");
        await terminal.Type("\u0004");
        await terminal.WaitFor("status:0");
    }

    private sealed class Uwsgi : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly string _directory;

        private Uwsgi(Process process, string directory)
        {
            _process = process;
            _directory = directory;
        }

        public string Address(WireMode mode) => $"{_directory}/{mode}";

        public static async Task<Uwsgi> StartAsync(string directory)
        {
            if (!Shell.Run("uwsgi --plugin forkptyrouter --help").Contains("forkpty-urouter", StringComparison.Ordinal))
                Assert.Skip("uWSGI's forkptyrouter is not installed (Debian: uwsgi-core)");

            var start = new ProcessStartInfo("uwsgi") { RedirectStandardError = true, RedirectStandardInput = true };
            foreach (string argument in new[] { "--plugin", "forkptyrouter", "--master", "--forkpty-router", $"{directory}/Raw", "--forkpty-urouter", $"{directory}/Uwsgi" })
                start.ArgumentList.Add(argument);
            var uwsgi = new Uwsgi(Process.Start(start)!, directory);
            while (await uwsgi._process.StandardError.ReadLineAsync() is { } line && !line.Contains("spawned uWSGI forkptyrouter", StringComparison.Ordinal))
            {
            }

            _ = uwsgi._process.StandardError.ReadToEndAsync();
            return uwsgi;
        }

        public async ValueTask DisposeAsync()
        {
            Shell.Run($"kill -QUIT {_process.Id}"); // to a master of uWSGI: end
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
            _process.Dispose();
        }
    }
}
