using System.Text;
using System.Text.Json;
using Xunit;

namespace Forkpty.Protocol.Tests;

public sealed class MessageRoundTripTests
{
    private const string Odd = "tab\t nul\0 quote\" back\\ \u001b[2J é 漢 😀 \u2028 </script>";

    private static readonly SessionInfo Info = new()
    {
        Session = "work",
        Id = 7,
        Pid = 4_194_304,
        Command = Odd,
        Started = 1_700_000_000,
        Clients = 3,
        Rows = 65_535,
        Columns = 1,
        OnDisconnect = OnDisconnect.KeepFor(TimeSpan.FromMinutes(30)),
        Terminal = false,
        Idle = 86_400,
    };

    [Fact]
    public void Hello()
    {
        var hello = new Hello { Version = Odd, Can = ["keep", "no-pty", "resume", "events"] };

        Assert.True(Protocol.Hello.TryRead(hello.ToPayload(), out Hello? read));

        Assert.Equal((1, Odd), (read.Protocol, read.Version));
        Assert.Equal(hello.Can, read.Can);
    }

    [Theory]
    [InlineData(OpenMode.New)]
    [InlineData(OpenMode.Attach)]
    [InlineData(OpenMode.AttachOrNew)]
    public void Open_with_everything(OpenMode mode)
    {
        var open = new OpenRequest
        {
            Session = "work",
            Mode = mode,
            IsViewer = true,
            Command = ["/bin/sh", "-c", Odd, ""],
            Environment = new Dictionary<string, string> { ["EMPTY"] = "", ["ODD"] = Odd, ["=C:"] = "x" },
            Directory = "/tmp/" + Odd,
            Term = "xterm-256color",
            Terminal = false,
            OnDisconnect = OnDisconnect.Kill,
            Take = true,
            Resume = "token",
            Received = long.MaxValue,
        };

        Assert.True(OpenRequest.TryRead(open.ToPayload(), out OpenRequest? read));

        Assert.Equal(open.Command, read.Command);
        Assert.Equal(open.Environment, read.Environment);
        Assert.Equal(open with { Command = null, Environment = read.Environment }, read with { Command = null });
    }

    [Fact]
    public void Open_with_nothing_is_the_default_session()
    {
        byte[] payload = new OpenRequest().ToPayload();

        Assert.Equal("{}", Encoding.UTF8.GetString(payload));
        Assert.True(OpenRequest.TryRead(payload, out OpenRequest? read));
        Assert.Equal(new OpenRequest { Environment = read.Environment }, read);
        Assert.Empty(read.Environment);
        Assert.Null(read.Command);
        Assert.True(read.Terminal);
    }

    [Fact]
    public void A_command_of_no_words_is_not_the_absence_of_a_command()
    {
        Assert.True(OpenRequest.TryRead(new OpenRequest { Command = [] }.ToPayload(), out OpenRequest? read));
        Assert.NotNull(read.Command);
        Assert.Empty(read.Command);
    }

    [Fact]
    public void Opened()
    {
        var opened = new Opened
        {
            Session = "work",
            Id = 7,
            Pid = 99,
            OnDisconnect = OnDisconnect.Keep,
            IsViewer = true,
            Offset = long.MaxValue,
            Gap = 1L << 40,
            Input = 5_000_000_000,
            Token = "abc",
        };

        Assert.True(Protocol.Opened.TryRead(opened.ToPayload(), out Opened? read));
        Assert.Equal(opened, read);
        Assert.True(Protocol.Opened.TryRead(new Opened().ToPayload(), out read));
        Assert.Equal(new Opened(), read);
    }

    [Fact]
    public void Exit()
    {
        SessionEnd[] ends =
        [
            new(),
            new() { Code = 0 },
            new() { Code = 255 },
            new() { Signal = 9 },
            new() { Signal = 11, CoreDumped = true },
            new() { Reason = SessionEnd.Taken },
        ];
        foreach (SessionEnd end in ends)
        {
            Assert.True(SessionEnd.TryRead(end.ToPayload(), out SessionEnd? read));
            Assert.Equal(end, read);
        }
    }

    [Fact]
    public void Error_and_notice()
    {
        Assert.True(SessionError.TryRead(new SessionError("bad-name", Odd).ToPayload(), out SessionError? error));
        Assert.Equal(new SessionError("bad-name", Odd), error);
        Assert.True(Notice.TryRead(new Notice("attached", Odd).ToPayload(), out Notice? notice));
        Assert.Equal(new Notice("attached", Odd), notice);
    }

    [Fact]
    public void Requests_by_name()
    {
        foreach (SessionRequest request in new SessionRequest[] { new("work"), new("7", 15), new(Odd, 0) })
        {
            Assert.True(SessionRequest.TryRead(request.ToPayload(), out SessionRequest? read));
            Assert.Equal(request, read);
        }
    }

    [Fact]
    public void Listed()
    {
        Assert.True(SessionInfo.TryRead(Info.ToPayload(), out SessionInfo? read));
        Assert.Equal(Info, read);
        Assert.True(SessionInfo.TryRead(new SessionInfo().ToPayload(), out read));
        Assert.Equal(new SessionInfo(), read);
    }

    [Fact]
    public void Event()
    {
        SessionEvent[] events =
        [
            new() { Event = "ready", At = 1_700_000_000.123456 },
            new() { Event = "started", At = 0.5, Session = Info },
            new() { Event = "exited", At = 1, Session = Info, Code = 3 },
            new() { Event = "exited", At = 1, Session = Info, Signal = 9 },
        ];
        foreach (SessionEvent happened in events)
        {
            Assert.True(SessionEvent.TryRead(happened.ToPayload(), out SessionEvent? read));
            Assert.Equal(happened, read);
        }
    }

    [Theory]
    [InlineData("é", 30_000)]
    [InlineData("\u0001", 65_000)]
    [InlineData("x😀", 20_000)]
    [InlineData("😀", 20_000)]
    public void A_text_of_any_length_fits_a_packet_and_begins_as_it_did(string piece, int times)
    {
        string text = string.Concat(Enumerable.Repeat(piece, times));
        byte[][] payloads = [new SessionError("cannot-start", text).ToPayload(), new Notice("left", text).ToPayload(), (Info with { Command = text }).ToPayload()];

        Assert.All(payloads, payload => Assert.InRange(payload.Length, 2_000, 16_384));
        Assert.True(SessionError.TryRead(payloads[0], out SessionError? error));
        Assert.True(Notice.TryRead(payloads[1], out Notice? notice));
        Assert.True(SessionInfo.TryRead(payloads[2], out SessionInfo? info));
        foreach (string read in new[] { error.Text, notice.Text, info.Command })
        {
            Assert.EndsWith("…", read, StringComparison.Ordinal);
            Assert.StartsWith(read[..^1], text, StringComparison.Ordinal);
            Assert.InRange(read.Length, 1_999, 2_001);
        }
    }

    [Fact]
    public void Members_are_named_as_the_specification_names_them()
    {
        Assert.Equal(["protocol", "version", "can"], Members(new Hello().ToPayload()));
        Assert.Equal(
            ["session", "mode", "role", "command", "environment", "directory", "term", "terminal", "on-disconnect", "take", "resume", "received"],
            Members(new OpenRequest
            {
                Session = "a",
                Mode = OpenMode.Attach,
                IsViewer = true,
                Command = ["x"],
                Environment = new Dictionary<string, string> { ["A"] = "" },
                Directory = "/",
                Term = "xterm",
                Terminal = false,
                OnDisconnect = OnDisconnect.Keep,
                Take = true,
                Resume = "t",
            }.ToPayload()));
        Assert.Equal(
            ["session", "id", "pid", "on-disconnect", "role", "offset", "gap", "input", "token"],
            Members(new Opened { Gap = 1, Input = 1, Token = "t" }.ToPayload()));
        Assert.Equal(["code", "signal", "core", "reason"], Members(new SessionEnd { Code = 1, Signal = 1, CoreDumped = true, Reason = "r" }.ToPayload()));
        Assert.Equal(["code", "text"], Members(new SessionError("a", "b").ToPayload()));
        Assert.Equal(["event", "text"], Members(new Notice("a", "b").ToPayload()));
        Assert.Equal(["session", "signal"], Members(new SessionRequest("a", 1).ToPayload()));
        Assert.Equal(
            ["session", "id", "pid", "command", "started", "clients", "rows", "columns", "on-disconnect", "terminal", "idle"],
            Members(Info.ToPayload()));
        Assert.Equal(["event", "at", "code", "signal", "session"], Members(new SessionEvent { Code = 1, Signal = 1, Session = Info }.ToPayload()));
    }

    [Fact]
    public void A_command_takes_the_room_that_its_characters_do()
    {
        string word = new string('é', 12_000) + new string('<', 12_000);

        byte[] payload = new OpenRequest { Command = [word] }.ToPayload();

        Assert.InRange(payload.Length, 36_000, 36_100);
        Assert.True(OpenRequest.TryRead(payload, out OpenRequest? read));
        Assert.Equal([word], read.Command);
    }

    private static string[] Members(byte[] payload)
    {
        using JsonDocument document = JsonDocument.Parse(payload);
        return [.. document.RootElement.EnumerateObject().Select(member => member.Name)];
    }
}
