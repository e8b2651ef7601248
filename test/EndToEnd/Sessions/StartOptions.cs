using System.Text.Json.Nodes;

namespace Forkpty.EndToEnd.Sessions;

public sealed class StartOptions
{
    [Fact(Timeout = Patience.Test)]
    public async Task Every_word_of_the_command_arrives_as_it_is()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(command: ["/usr/bin/printf", "[%s]", "a b", "", "é 漢", "*", "$HOME", "-n"]));

        await peer.ExpectExitAsync();

        Assert.Equal("[a b][][é 漢][*][$HOME][-n]", System.Text.Encoding.UTF8.GetString(peer.Output.Bytes));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_program_is_looked_for_in_PATH()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(command: ["printf", "found"]));

        await peer.Output.ExpectAsync("found");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Without_a_command_it_is_the_routers()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Command = "echo the routers own" });
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open());

        await peer.Output.ExpectAsync("the routers own\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Variables_are_added_and_an_empty_one_is_a_value()
    {
        var open = Request.Open(command: ["/usr/bin/env"]);
        open["environment"] = new JsonObject { ["FOO"] = "bar  baz", ["EMPTY"] = "", ["LANG"] = "xx_YY.UTF-8" };
        var setup = new RouterSetup { Environment = new Dictionary<string, string> { ["OF_THE_ROUTER"] = "1" } };
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, setup);
        await using var peer = await SessionPeer.OpenAsync(router, open);

        await peer.ExpectExitAsync();

        string[] variables = peer.Output.Text.Split("\r\n");
        Assert.Contains("FOO=bar  baz", variables);
        Assert.Contains("EMPTY=", variables);
        Assert.Single(variables, v => v.StartsWith("LANG=", StringComparison.Ordinal));
        Assert.Contains("LANG=xx_YY.UTF-8", variables);
        Assert.Contains(variables, v => v.StartsWith("PATH=", StringComparison.Ordinal));
        Assert.DoesNotContain(variables, v => v.StartsWith("OF_THE_ROUTER", StringComparison.Ordinal));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Sixty_kilobytes_of_environment_arrive_whole()
    {
        var open = Request.Open(shell: "echo big-${#BIG}; env | grep -c '^V[0-9]*=x$'");
        var environment = new JsonObject { ["BIG"] = new string('b', 40_000) };
        for (int i = 0; i < 1_500; i++)
            environment[$"V{i}"] = "x";
        open["environment"] = environment;
        Assert.InRange(Request.Payload(open).Length, 55_000, 65_535);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, open);

        await peer.Output.ExpectAsync("big-40000\r\n1500\r\n");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("A=B", "x")]
    [InlineData("", "x")]
    [InlineData("A\0B", "x")]
    [InlineData("A", "x\0y")]
    public async Task What_cannot_be_a_variable_is_refused_and_never_becomes_another_one(string name, string value)
    {
        var open = Request.Open(command: ["/usr/bin/env"]);
        open["environment"] = new JsonObject { [name] = value };
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.Open, open);

        await peer.ExpectAsync(PacketType.Error);
        await peer.ExpectEndAsync();
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_program_starts_in_the_directory()
    {
        using var directory = new TempDirectory();
        var open = Request.Open(command: ["/bin/pwd"]);
        open["directory"] = directory.Root;
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, open);

        await peer.Output.ExpectAsync(directory.Root + "\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task TERM_is_the_clients()
    {
        var open = Request.Open(shell: "echo term-$TERM");
        open["term"] = "screen-256color";
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, open);

        await peer.Output.ExpectAsync("term-screen-256color\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_first_size_is_that_of_the_upgrade()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "stty size"), rows: 51, columns: 97);

        await peer.Output.ExpectAsync("51 97\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_size_before_OPEN_is_remembered_with_its_pixels()
    {
        const string Ask = "import fcntl,struct,termios; print(struct.unpack('HHHH', fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(8))))";
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.ResizeAsync(40, 120, 960, 800);
        await peer.OpenAsync(Request.Open(command: ["/usr/bin/python3", "-S", "-c", Ask]));

        await peer.Output.ExpectAsync("(40, 120, 960, 800)");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Its_terminal_is_the_controlling_one_of_a_session_of_its_own()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "ps -o pid=,sid=,tpgid= -p $$; tty; cat"));

        var ids = await peer.Output.ExpectAsync(new System.Text.RegularExpressions.Regex(@"(\d+) +(\d+) +(\d+)\r\n"));

        Assert.Equal([$"{peer.Pid}", $"{peer.Pid}", $"{peer.Pid}"], ids.Groups.Values.Skip(1).Select(group => group.Value));
        await peer.Output.ExpectAsync("/dev/pts/");
    }
}
