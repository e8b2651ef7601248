using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Forkpty.Screen.Tests;

/// <summary>Feeds a recording to a terminal and to the oracle, and compares them every so many bytes.</summary>
internal sealed partial class Comparison(Recording recording, int history) : IDisposable
{
    private readonly VirtualTerminal _terminal = new(recording.Events[0].Rows, recording.Events[0].Columns, history);
    private readonly Oracle _oracle = new(recording.Events[0].Rows, recording.Events[0].Columns, history);
    private long _position;

    public int Compared { get; private set; }

    public int Replayed { get; private set; }

    /// <summary>
    /// Half of a two-column character is a blank in a snapshot, with its background and no other look: where a program overwrote the other half, and in the last column of a screen
    /// that became narrower. docs/screen.md says so.
    /// </summary>
    public bool HalvesAreBlank { get; init; }

    public void Dispose() => _oracle.Dispose();

    public void Run(int every, int replayEvery, Func<bool>? isLate = null)
    {
        long nextState = every;
        long nextReplay = replayEvery;
        foreach (Recording.Event each in recording.Events.Skip(1))
        {
            if (isLate?.Invoke() == true)
                return;
            if (each.Output.Length == 0)
            {
                _terminal.Resize(each.Rows, each.Columns);
                _oracle.Resize(each.Rows, each.Columns);
                CompareStates();
                continue;
            }
            ReadOnlySpan<byte> rest = each.Output;
            while (rest.Length > 0)
            {
                int length = Between(rest, (int)Math.Min(rest.Length, nextState - _position));
                Feed(rest[..length]);
                rest = rest[length..];
                if (_position < nextState && !(rest.Length > 0 && _position + 4 >= nextState))
                    continue;
                nextState = _position + every;
                CompareStates();
                if (_position < nextReplay || _ahead > 0)
                    continue;
                nextReplay = _position + replayEvery;
                CompareReplay(rest[..Math.Min(rest.Length, Math.Min(997, replayEvery - 1))]);
            }
        }
        CompareStates();
        CompareReplay([]);
    }

    /// <summary>The snapshot makes a new oracle the same, and it goes on the same.</summary>
    private void CompareReplay(ReadOnlySpan<byte> next)
    {
        Replayed++;
        using var replica = new Oracle(_terminal.Rows, _terminal.Columns, history);
        byte[] snapshot = Snapshot(_terminal);
        replica.Write(snapshot);
        AssertSame(Replayable(_oracle.State), Replayable(replica.State), "what the snapshot makes of a new oracle");
        Assert.Equal("", replica.Answers);
        Assert.DoesNotContain((byte)7, snapshot);
        int length = WithoutCut(next);
        if (length == 0)
            return;
        Feed(next[..length]);
        replica.Write(next[..length]);
        _position -= length;
        AssertSame(Replayable(_oracle.State), Replayable(replica.State), "how a new oracle goes on after the snapshot");
        _ahead = length;
    }

    /// <summary>Bytes that the terminals have taken ahead of their turn.</summary>
    private int _ahead;

    private string Replayable(string state)
    {
        string known = Known(state);
        return HalvesAreBlank ? string.Join('\n', known.Split('\n').Select(line => line is ['|' or '>', ..] ? WithBlankHalves(line) : line)) : known;
    }

    private static string WithBlankHalves(string line)
    {
        const string Plain = "0,0,0,0,0,";
        var text = new StringBuilder();
        (string style, string last) = (Plain, Plain);
        int blanks = 0;
        foreach (Match part in StyleOrCell().Matches(CutCharacter().Replace(line, "\x02")))
        {
            if (part.Length > 1)
            {
                style = part.Value[1..^1];
                continue;
            }
            bool isBlank = part.Value == "\x02";
            string look = isBlank ? $"0,{style.Split(',')[1]},0,0,0," : style;
            // Blanks in the default style are said only if something comes behind them.
            if (isBlank && look == Plain)
            {
                blanks++;
                continue;
            }
            if (blanks > 0)
                Add(Plain, new string('\x02', blanks));
            blanks = 0;
            Add(look, part.Value);
        }
        return text.ToString();

        void Add(string look, string cells)
        {
            if (look != last)
                text.Append('{').Append(look).Append('}');
            last = look;
            text.Append(cells);
        }
    }

    [GeneratedRegex(@"\{[0-9a-f]+,[0-9a-f]+,[0-9a-f]+,\d,[0-9a-f]+,[^}]*\}|.", RegexOptions.Singleline)]
    private static partial Regex StyleOrCell();

    /// <summary>A first half in the last column, with its marks; the second half would come behind.</summary>
    [GeneratedRegex(@"(?:[\ud800-\udbff].|.)\p{M}*\x03$", RegexOptions.Singleline)]
    private static partial Regex CutCharacter();

    /// <summary>That the first line of all went on from one that is gone is not in a snapshot.</summary>
    public static string Known(string state)
    {
        string[] lines = state.Split('\n');
        for (int i = 1; i < lines.Length; i++)
        {
            if (lines[i - 1].StartsWith("history ", StringComparison.Ordinal) && lines[i].StartsWith('>'))
                lines[i] = "|" + lines[i][1..];
        }
        return string.Join('\n', lines);
    }

    private void Feed(ReadOnlySpan<byte> output)
    {
        _position += output.Length;
        int known = Math.Min(_ahead, output.Length);
        _ahead -= known;
        output = output[known..];
        if (output.Length == 0)
            return;
        _terminal.Write(output);
        _oracle.Write(output);
    }

    private void CompareStates()
    {
        if (_ahead > 0)
            return;
        Compared++;
        if (_oracle.Hash != ScreenState.Hash(_terminal))
            AssertSame(_oracle.State, ScreenState.Of(_terminal), "the terminal");
    }

    private void AssertSame(string expected, string actual, string what)
    {
        if (expected == actual)
            return;
        string[] theirs = expected.Split('\n');
        string[] ours = actual.Split('\n');
        int line = 0;
        while (line < Math.Min(theirs.Length, ours.Length) && theirs[line] == ours[line])
            line++;
        Assert.Fail($"""
            After {_position} bytes, {what} differs in line {line} of {theirs.Length}:
            oracle: {Visible(theirs.ElementAtOrDefault(line))}
            here:   {Visible(ours.ElementAtOrDefault(line))}
            cursor of the oracle: {theirs.Last(each => each.StartsWith("cursor", StringComparison.Ordinal))}
            """);
    }

    private static string Visible(string? line) =>
        line is null ? "(nothing)" : string.Concat(line.Select(each => each < ' ' ? ((char)(0x2400 + each)).ToString() : each.ToString()));

    public static byte[] Snapshot(VirtualTerminal terminal, int history = int.MaxValue)
    {
        var bytes = new ArrayBufferWriter<byte>();
        terminal.Snapshot(bytes, history);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The length without the character at the end, which may be cut.</summary>
    private static int WithoutCut(ReadOnlySpan<byte> bytes)
    {
        int length = bytes.Length;
        while (length > 0 && (bytes[length - 1] & 0xC0) == 0x80)
            length--;
        return length > 0 && bytes[length - 1] >= 0xC0 ? length - 1 : length;
    }

    /// <summary>A length near the given one at which no character is cut.</summary>
    private static int Between(ReadOnlySpan<byte> bytes, int length)
    {
        while (length < bytes.Length && (bytes[length] & 0xC0) == 0x80)
            length++;
        return length;
    }
}
