using System.Text;
using Forkpty.Client;
using Xunit;

namespace Forkpty.Tests;

/// <summary>A paste whose text contains the marker that ends a paste.</summary>
public sealed class PasteTests
{
    private const string Begin = "\e[200~";
    private const string End = "\e[201~";

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData($"{Begin}text{End}", $"{Begin}text{End}")]
    [InlineData($"{Begin}text{End}\rls", $"{Begin}text{End}\rls")] // a key right behind a paste
    [InlineData($"{Begin}evil{End}rm -rf\r{End}", $"{Begin}evilrm -rf\r{End}")]
    [InlineData($"{Begin}{End}{End}{End}a{End}", $"{Begin}a{End}")]
    [InlineData($"{Begin}a{End}{Begin}b{End}", $"{Begin}a{End}{Begin}b{End}")] // two pastes
    [InlineData($"{Begin}a\e[20\e[201{End}x{End}", $"{Begin}a\e[20\e[201x{End}")]
    [InlineData($"{Begin}a\e\e[200~b{End}", $"{Begin}a\e\e[200~b{End}")]
    [InlineData($"{Begin}x\r~.y\r~?{End}", $"{Begin}x\r~.y\r~?{End}")] // no escapes within
    [InlineData($"{Begin}x{End}\r~.", $"{Begin}x{End}\r<Disconnect>")]
    [InlineData($"{Begin}no end\e[2", $"{Begin}no end\e[2")]
    [InlineData($"{End}x", $"{End}x")]
    public void An_end_marker_within_is_left_out_however_the_input_is_split(string typed, string expected)
    {
        for (int cut = 0; cut <= typed.Length; cut++)
            Assert.Equal(expected, Pass(on: true, typed[..cut], typed[cut..]));
        Assert.Equal(expected, Pass(on: true, [.. typed.Select(c => c.ToString())]));
    }

    [Fact]
    public void More_than_anybody_types_behind_an_end_marker_is_part_of_the_paste()
    {
        string text = new('x', 10_000);
        Assert.Equal($"{Begin}{text}{End}", Pass(on: true, $"{Begin}{End}{text}{End}"));
    }

    [Fact]
    public void Where_the_program_did_not_ask_for_it_nothing_is_looked_for() =>
        Assert.Equal($"{Begin}a{End}b{End}", Pass(on: false, $"{Begin}a{End}b{End}"));

    [Fact]
    public void Random_input_outside_of_a_paste_passes_unchanged()
    {
        var random = new Random(11);
        for (int round = 0; round < 200; round++)
        {
            string text = "x" + string.Concat(Enumerable.Range(0, 100).Select(_ => "\e[201~ab"[random.Next(8)]));
            string[] pieces = [text[..37], text[37..64], text[64..]];
            Assert.Equal(text, Pass(on: true, pieces));
        }
    }

    [Fact(Timeout = 150_000)]
    public async Task The_end_of_a_paste_comes_after_a_moment_of_silence()
    {
        using var router = new SessionRouter();
        await using TestTerminal terminal = await TestTerminal.StartSessionAsync(router);
        await router.AcceptOpen();
        await router.SendOpened(SessionRouter.Plain);
        await router.SendOutput("\e[?2004hready");
        await terminal.WaitFor("ready");
        await terminal.Type($"{Begin}echo a{End}\rrm b\r{End}");
        await router.ReadInput($"{Begin}echo a\rrm b\r{End}");
        await terminal.Type("\r~.");
        await terminal.WaitFor("finished");
    }

    private static string Pass(bool on, params string[] pieces)
    {
        var modes = new RemoteModes();
        if (on) modes.Follow("\e[?2004h"u8);
        var keyboard = new Keyboard(EscapeKey.Default, isTerminal: true, modes);
        var result = new StringBuilder();
        byte[] output = new byte[32 * 1024];
        foreach (string piece in pieces)
            Add(EscapeAction.None, keyboard.Take(Encoding.ASCII.GetBytes(piece), output));

        while (keyboard.IsHolding)
            Add(keyboard.TakeSilence(output, out int written), written);
        return result.ToString();

        void Add(EscapeAction action, int count)
        {
            result.Append(Encoding.ASCII.GetString(output, 0, count));
            if (action != EscapeAction.None) result.Append('<').Append(action).Append('>');
        }
    }
}
