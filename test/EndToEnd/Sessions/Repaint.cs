using System.Text;

namespace Forkpty.EndToEnd.Sessions;

/// <summary>After detach and attach a terminal shows what it showed: tmux paints both and they are compared.</summary>
public sealed class Repaint
{
    public static TheoryData<string, string, string> Samples { get; } = new()
    {
        { "plain", "one\r\ntwo\r\nthree", " and on" },
        { "colours", "\e[31mred\e[m \e[1;4;38;5;208;48;5;17mx\e[m \e[38;2;10;200;30mtrue\e[48;2;1;2;3m both\e[m\e[7mreverse\e[m \e[3;9mitalic\e[m", "plain" },
        { "style goes on", "before \e[1;31;44mbold", " still bold\r\n\e[Kand erased" },
        { "wide and combining", "漢字 e\u0301 ö 한글 \U0001F600|\r\n\e[3;79H漢x", "y" },
        { "emoji in a prompt", "🎉🎉 dir $ ✅ ✨ 🫠 ", "ls" },
        { "emoji in a box", "\e[2;5H┌──────┐\e[3;5H│🎉 ✅ │\e[4;5H└──────┘\e[3;12H│\e[3;6H✨", "🚀" },
        { "emoji in a split", "🎉🎉 left\e[1;40H│✅ right\e[2;1H" + Emoji(20) + "\e[2;40H│" + Emoji(20) + "\e[3;1H" + Emoji(19) + "\e[3;40H│✨", "\e[2;39H<\e[1;5H>" },
        { "a line full of emoji", "\e[31m" + Emoji(40), "✅" },
        { "scrollback", string.Concat(Enumerable.Range(1, 100).Select(i => $"\e[3{i % 8}mline {i}\e[m\r\n")) + "\e[5;10H", "here" },
        { "long lines", new string('a', 200) + "\r\n" + new string('b', 79), "cd" },
        { "end of a line", new string('a', 80), "b" },
        { "alternate screen", "normal\r\n\e[1;34mtext\e[?1049h\e[m\e[2J\e[5;5Hin alternate\e[?25l", "!" },
        { "back from the alternate screen", "normal\r\n\e[1;34mtext\e[?1049h\e[m\e[2J\e[5;5Hin alternate", "\e[?1049l after" },
        { "region", "\e[5;10r\e[10;1Hbottom", "\r\n\r\na\r\nb\r\nc\r\nd\r\ne\r\nf" },
        { "origin", "\e[5;10r\e[?6h\e[2;3Hinside", "\e[HX" },
        { "modes", "\e[?1h\e=\e[?1000h\e[?1002h\e[?1006h\e[?2004h", "x" },
        { "insert", "abcdef\e[1;3H\e[4h", "XY" },
        { "no wrap", "\e[?7l" + new string('a', 100), "b" },
        { "tabs", "\e[3g\e[1;7H\eH\e[1;30H\eH\e[2;1H", "\tA\tB" },
        { "line drawing", "\e(0lqqk\e(B plain \e(0", "mqqj" },
        { "shift out", "\e)0a\x0e", "lqk\x0fq" },
        { "saved cursor", "\e[4;7H\e[32m\e7\e[10;1H\e[m", "\e8back" },
        { "erased in colour", "\e[44m\e[2J\e[3;3H\e[mtext", "x" },
        { "half of a sequence", "text \e[3", "1mred" },
    };

    private static string Emoji(int count) => string.Concat(Enumerable.Repeat("🎉", count));

    [Theory(Timeout = Patience.Test)]
    [MemberData(nameof(Samples))]
    public async Task The_screen_is_what_it_was_and_goes_on_as_it_would_have(string name, string before, string after)
    {
        _ = name;
        (byte[] first, byte[] second) = (Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after));
        using var directory = new TempDirectory();
        await File.WriteAllBytesAsync(directory["before"], first);
        await File.WriteAllBytesAsync(directory["after"], second);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var one = await SessionPeer.OpenAsync(router, Request.Open(
            "work", shell: $"stty raw -echo; cat {directory["before"]}; head -c 1 >/dev/null; cat {directory["after"]}; exec sleep 1000", onDisconnect: "keep"));
        await one.ExpectOutputLengthAsync(first.Length);
        await one.SendAsync(PacketType.Detach);
        await one.ExpectExitAsync();

        await using var two = await SessionPeer.OpenAsync(router, Request.Attach("work"));
        await two.TypeAsync("x");
        await two.ExpectOutputLengthAsync(second.Length);

        Assert.Equal(first.Length, two.Opened.Number("offset"));
        Assert.Equal(second, two.Output.Bytes);
        string was = await PaintedScreen.OfAsync([.. first, .. second]);
        string isNow = await PaintedScreen.OfAsync([.. two.Screen.Bytes, .. second]);
        Assert.Equal(was, isNow);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("text everywhere", "\e[31m")]
    [InlineData("alternate screen", "\e[?1049h\e[2J\e[?25l")]
    [InlineData("modes", "\e[4h\e[?7l\e[?1h\e=\e[?1000h\e[?1006h\e[?2004h\e[3g")]
    [InlineData("region and origin", "\e[5;10r\e[?6h")]
    [InlineData("line drawing", "\e(0\e)0\x0e")]
    [InlineData("cursor saved elsewhere", "\e[20;70H\e[35m\e7\e[3;3H")]
    public async Task A_terminal_that_was_in_use_is_cleared_first(string name, string use)
    {
        _ = name;
        byte[] used = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 24).Select(i => $"\e[{i};1H\e[4{i % 8}m{new string('#', 80)}")) + "\e[m" + use + string.Concat(Enumerable.Range(1, 24).Select(i => $"\e[{i};3H{i} qqq")));
        const string Text = "\e[2;3Hone\r\n\e[32mtwo\e[m";
        using var directory = new TempDirectory();
        string file = directory.Write("text", Text);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var one = await SessionPeer.OpenAsync(router, Request.Open("work", shell: $"stty raw -echo; cat {file}; exec cat", onDisconnect: "keep"));
        await one.ExpectOutputLengthAsync(Text.Length);

        await using var two = await SessionPeer.OpenAsync(router, Request.Attach("work"));
        await two.TypeAsync("qX\tY\r\n\e8Z");
        await two.Output.ExpectAsync("\e8Z");

        string fresh = await PaintedScreen.OfAsync(two.Stream.Bytes, history: false);
        Assert.Equal(fresh, await PaintedScreen.OfAsync([.. used, .. two.Stream.Bytes], history: false));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task An_editor_is_there_as_it_was()
    {
        using var directory = new TempDirectory();
        string file = directory.Write("text", string.Concat(Enumerable.Range(1, 200).Select(i => $"line {i} of a text\n")));
        var open = Request.Open("work", command: ["/usr/bin/vi", "-u", "NONE", "-N", file], onDisconnect: "keep");
        open["term"] = "xterm";
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var one = await SessionPeer.OpenAsync(router, open);
        await one.Output.ExpectAsync("line 20");
        await one.TypeAsync(":set number\r");
        await one.Output.ExpectAsync("23 ");
        await one.TypeAsync("100G");
        await one.Output.ExpectAsync("110 ");
        await one.TypeAsync(":echo 'it is ' . 6*7\r");
        await one.Output.ExpectAsync("it is 42");
        await one.Output.ExpectAsync("\e[?25h"); // the last of what it draws
        await one.SendAsync(PacketType.Detach);
        await one.ExpectExitAsync();

        await using var two = await SessionPeer.OpenAsync(router, Request.Attach("work"));
        await two.SettleAsync();

        Assert.Equal(await PaintedScreen.OfAsync(one.Output.Bytes), await PaintedScreen.OfAsync([.. two.Screen.Bytes, .. two.Output.Bytes]));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task An_editor_with_emoji_in_two_windows_side_by_side_is_there_as_it_was()
    {
        using var directory = new TempDirectory();
        string file = directory.Write("text", string.Concat(Enumerable.Range(1, 60).Select(i => $"{i} 🎉 of a ✅ text ✨ that {Emoji(i)} goes on\n")));
        var open = Request.Open("work", command: ["/usr/bin/vi", "-u", "NONE", "-N", "-c", "set encoding=utf-8 nowrap ruler | vsplit", file], onDisconnect: "keep");
        open["term"] = "xterm";
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var one = await SessionPeer.OpenAsync(router, open);
        await one.Output.ExpectAsync("22 🎉");
        await one.TypeAsync("10G$:echo 'it is ' . 6*7\r");
        await one.Output.ExpectAsync("it is 42");
        await one.Output.ExpectAsync("\e[?25h"); // the last of what it draws
        await one.SendAsync(PacketType.Detach);
        await one.ExpectExitAsync();

        await using var two = await SessionPeer.OpenAsync(router, Request.Attach("work"));
        await two.SettleAsync();

        Assert.Equal(await PaintedScreen.OfAsync(one.Output.Bytes), await PaintedScreen.OfAsync([.. two.Screen.Bytes, .. two.Output.Bytes]));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_title_is_set_again()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var one = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "printf '\\033]0;my title\\007go'; cat", onDisconnect: "keep"));
        await one.Output.ExpectAsync("go");

        await using var two = await SessionPeer.OpenAsync(router, Request.Attach("work"));

        await two.Screen.ExpectAsync("my title");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_title_that_was_put_aside_is_so_once_however_often_the_screen_is_painted()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var one = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "printf '\\033]2;under\\007\\033[22;0t\\033]2;over\\007go'; exec cat", onDisconnect: "keep"));
        await one.Output.ExpectAsync("go");

        await one.SendAsync(PacketType.Redraw);
        await one.SettleAsync();
        await using var two = await SessionPeer.OpenAsync(router, Request.Attach("work", "viewer"));
        await two.SettleAsync();
        await two.SendAsync(PacketType.Redraw);
        await two.SettleAsync();

        Assert.Contains("\e]2;over\e\\", one.Screen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[22;0t", one.Screen.Text, StringComparison.Ordinal);
        Assert.Equal(3, two.Screen.Text.Split("\e]2;over\e\\").Length);
        Assert.Equal(2, two.Screen.Text.Split("\e]2;under\e\\\e[22;0t").Length);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_viewer_is_told_the_size_of_what_is_painted()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "echo go; exec cat", onDisconnect: "keep"), rows: 50, columns: 132);
        await driver.Output.ExpectAsync("go");
        await using var viewer = await SessionPeer.OpenAsync(router, Request.Attach("work", "viewer"), rows: 24, columns: 80);

        await viewer.ExpectAsync(PacketType.WindowSize, size => size.Payload.AsSpan(0, 4).SequenceEqual((byte[])[50, 0, 132, 0]));
        await viewer.SendAsync(PacketType.Redraw);
        await viewer.SettleAsync();

        Assert.Equal(2, viewer.Packets.Count(packet => packet.Type == PacketType.WindowSize));
        Assert.Equal(3, viewer.Screen.Text.Split("\e[2J").Length);
        Assert.DoesNotContain(driver.Packets, packet => packet.Type == PacketType.WindowSize);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_terminal_of_another_size_gets_its_size_and_the_text()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var one = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "echo a text; while read x; do stty size; done", onDisconnect: "keep"));
        await one.Output.ExpectAsync("a text\r\n");
        await one.LeaveAsync();

        await using var two = await SessionPeer.OpenAsync(router, Request.Attach("work"), rows: 50, columns: 132);
        await two.Screen.ExpectAsync("a text");
        await two.TypeAsync("\r");

        await two.Output.ExpectAsync("50 132\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_SCREEN_contains_no_query_and_no_bell()
    {
        // Device attributes, status and cursor reports, modes, colours, settings, clipboard, window reports, ENQ: each would be answered by the terminal, and typed into the program.
        string[] queries =
        [
            "\e[c", "\e[0c", "\e[>c", "\e[=c", "\e[5n", "\e[6n", "\e[?6n", "\e[?2026$p", "\e[4$p", "\e]10;?\a", "\e]11;?\e\\", "\e]4;1;?\a", "\eP$qm\e\\", "\eP+q544e\e\\", "\e]52;c;?\a",
            "\e[14t", "\e[18t", "\e[21t", "\eZ", "\x05", "\e[>q", "\e[?u", "\a",
        ];
        using var directory = new TempDirectory();
        string file = directory.Write("queries", "before" + string.Concat(queries) + "after");
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var one = await SessionPeer.OpenAsync(router, Request.Open("work", shell: $"stty raw -echo; cat {file}; exec sleep 1000", onDisconnect: "keep"));
        await one.ExpectOutputLengthAsync(new FileInfo(file).Length);

        await using var two = await SessionPeer.OpenAsync(router, Request.Attach("work"));
        await two.Screen.ExpectAsync("after");
        await two.SettleAsync();

        string screen = two.Screen.Text;
        Assert.DoesNotMatch("\e\\[[>=?]?[0-9;]*c", screen);
        Assert.DoesNotMatch("\e\\[\\??[0-9;]*n", screen);
        Assert.DoesNotMatch("\e\\[\\??[0-9;]*\\$p", screen);
        Assert.DoesNotMatch("\e\\][0-9;c]*\\?", screen);
        Assert.DoesNotMatch("\eP[$+]q", screen);
        Assert.DoesNotMatch("\e\\[(1[13-9]|2[01])t", screen);
        Assert.DoesNotMatch("\e\\[>[0-9]*q|\e\\[\\?u|\eZ|\x05", screen);
        Assert.DoesNotMatch("\a", System.Text.RegularExpressions.Regex.Replace(screen, "\e\\][^\a\e]*\a", ""));
    }
}
