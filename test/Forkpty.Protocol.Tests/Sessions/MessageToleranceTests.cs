using System.Diagnostics;
using System.Text;
using Xunit;

namespace Forkpty.Protocol.Tests;

public sealed class MessageToleranceTests
{
    public static TheoryData<string> Names { get; } = [.. Messages.Readers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Members_that_are_not_known_are_ignored(string name)
    {
        string session = name == "KILL" ? "\"session\":\"a\"," : "";
        byte[]? plain = Read(name, $$"""{{{session}}"x":1}""");

        Assert.NotNull(plain);
        Assert.Equal(plain, Read(name, $$"""{{{session}}"later":{"a":[1,2,{"b":null}],"c":-1e9},"Session":"other","sess\u0069ons":3,"":true}"""));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_no_JSON_object_is_refused(string name)
    {
        string[] wrong =
        [
            "", " ", "{", "}", "[]", "[{}]", "null", "true", "1", "\"session\"", "{}{}", "{} x", "{\"a\":}", "{\"a\":1,}", "{'a':1}", "{a:1}", "{\"a\" 1}", "\uFEFF{}", "// x\n{}", "{\"a\":01}",
            "{\"a\":NaN}", "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", "{}\0", "\0",
        ];
        foreach (string text in wrong)
            Assert.True(Read(name, text) is null, text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bytes_that_are_no_UTF8_are_refused_wherever_they_are(string name)
    {
        byte[][] wrong = [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80]];
        foreach (byte[] bytes in wrong)
        {
            Assert.Null(Messages.Readers[name]([.. "{\"session\":\"a\",\"unknown\":\""u8, .. bytes, .. "\"}"u8]));
            Assert.Null(Messages.Readers[name]([.. "{\"session\":\"a\",\""u8, .. bytes, .. "\":1}"u8]));
            Assert.Null(Messages.Readers[name]([.. "{\"session\":\""u8, .. bytes, .. "\"}"u8]));
        }
    }

    [Theory]
    [InlineData("OPEN", "session", "1")]
    [InlineData("OPEN", "session", "[]")]
    [InlineData("OPEN", "mode", "\"\"")]
    [InlineData("OPEN", "mode", "\"NEW\"")]
    [InlineData("OPEN", "mode", "true")]
    [InlineData("OPEN", "role", "\"root\"")]
    [InlineData("OPEN", "role", "0")]
    [InlineData("OPEN", "command", "\"/bin/sh\"")]
    [InlineData("OPEN", "command", "{}")]
    [InlineData("OPEN", "command", "[1]")]
    [InlineData("OPEN", "command", "[null]")]
    [InlineData("OPEN", "command", "[[\"a\"]]")]
    [InlineData("OPEN", "environment", "[]")]
    [InlineData("OPEN", "environment", "\"A=b\"")]
    [InlineData("OPEN", "environment", "{\"A\":1}")]
    [InlineData("OPEN", "environment", "{\"A\":null}")]
    [InlineData("OPEN", "environment", "{\"A\":{}}")]
    [InlineData("OPEN", "directory", "1")]
    [InlineData("OPEN", "term", "{}")]
    [InlineData("OPEN", "terminal", "\"false\"")]
    [InlineData("OPEN", "terminal", "0")]
    [InlineData("OPEN", "on-disconnect", "\"stay\"")]
    [InlineData("OPEN", "on-disconnect", "\"keep=\"")]
    [InlineData("OPEN", "on-disconnect", "5")]
    [InlineData("OPEN", "take", "\"yes\"")]
    [InlineData("OPEN", "resume", "1")]
    [InlineData("OPEN", "received", "\"1\"")]
    [InlineData("OPEN", "received", "1.5")]
    [InlineData("OPEN", "received", "1e400")]
    [InlineData("OPEN", "received", "9223372036854775808")]
    [InlineData("OPEN", "received", "-1")]
    [InlineData("KILL", "signal", "\"KILL\"")]
    [InlineData("KILL", "signal", "9.5")]
    [InlineData("KILL", "signal", "4294967305")]
    [InlineData("KILL", "signal", "1e400")]
    [InlineData("EXIT", "code", "\"0\"")]
    [InlineData("EXIT", "code", "99999999999999999999999999")]
    [InlineData("EXIT", "core", "1")]
    [InlineData("HELLO", "can", "\"keep\"")]
    [InlineData("HELLO", "can", "[1]")]
    [InlineData("HELLO", "protocol", "\"1\"")]
    [InlineData("OPENED", "offset", "1e19")]
    [InlineData("OPENED", "token", "1")]
    [InlineData("EVENT", "session", "\"work\"")]
    [InlineData("EVENT", "session", "[]")]
    [InlineData("EVENT", "at", "\"now\"")]
    [InlineData("EVENT", "at", "1e400")]
    [InlineData("LISTED", "rows", "2147483648")]
    [InlineData("LISTED", "terminal", "1")]
    public void A_member_of_another_kind_or_out_of_its_bounds_makes_it_none(string name, string member, string value)
    {
        string session = member == "session" ? "" : "\"session\":" + (name == "EVENT" ? "{}" : "\"a\"") + ",";

        Assert.Null(Read(name, $$"""{{{session}}"{{member}}":{{value}}}"""));
    }

    [Fact]
    public void A_request_by_name_needs_the_name()
    {
        Assert.Null(Read("KILL", "{}"));
        Assert.Null(Read("KILL", """{"signal":9}"""));
        Assert.Null(Read("KILL", """{"session":null}"""));
        Assert.NotNull(Read("KILL", """{"session":""}"""));
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00")]
    [InlineData("\\udc00\\ud800")]
    [InlineData("x\\ud83d")]
    public void A_lone_surrogate_in_a_member_that_is_known_makes_it_none(string escaped)
    {
        string[] wrong =
        [
            $$"""{"session":"{{escaped}}"}""",
            $$"""{"command":["a","{{escaped}}"]}""",
            $$"""{"environment":{"A":"{{escaped}}"} }""",
            $$"""{"environment":{"{{escaped}}":"a"} }""",
            $$"""{"mode":"{{escaped}}"}""",
        ];
        foreach (string text in wrong)
            Assert.True(Read("OPEN", text) is null, text);
        Assert.NotNull(Read("OPEN", """{"session":"\ud83d\ude00"}"""));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_lone_surrogate_elsewhere_throws_nothing(string name)
    {
        _ = Read(name, """{"unknown":"\ud800"}""");
        _ = Read(name, """{"\ud800":1}""");
        _ = Read(name, """{"sessio\ud800":1,"\udc00ession":2}""");
    }

    [Fact]
    public void Of_members_with_one_name_the_last_one_counts()
    {
        Assert.True(OpenRequest.TryRead("""{"session":"a","session":"b","environment":{"A":"1","B":"2","A":"3"}}"""u8, out OpenRequest? read));
        Assert.Equal("b", read.Session);
        Assert.Equal(new Dictionary<string, string> { ["A"] = "3", ["B"] = "2" }, read.Environment);
    }

    [Fact]
    public void Escapes_in_the_names_of_members_are_understood()
    {
        Assert.True(OpenRequest.TryRead("""{"\u0073ession":"a","on\u002ddisconnect":"k\u0065ep"}"""u8, out OpenRequest? read));
        Assert.Equal(("a", OnDisconnect.Keep), (read.Session, read.OnDisconnect));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Six_levels_in_a_member_that_is_not_known_are_borne(string name)
    {
        Assert.NotNull(Read(name, $$"""{{{(name == "KILL" ? "\"session\":\"a\"," : "")}}"x":[[[[[[0]]]]]]}"""));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Brackets_alone_are_refused_at_once(string name)
    {
        var watch = Stopwatch.StartNew();
        string[] deep = [new('[', 65_535), "{\"x\":" + new string('[', 65_000), string.Concat(Enumerable.Repeat("{\"a\":", 13_000))];
        for (int round = 0; round < 100; round++)
        {
            foreach (string text in deep)
                Assert.Null(Read(name, text));
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed} for 300 of them");
    }

    [Fact]
    public void Thousands_of_members_and_variables_take_no_more_than_their_time()
    {
        string environment = string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"\"V{i}\":\"\""));
        string members = string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"\"v{i}\":1"));
        byte[] payload = Encoding.UTF8.GetBytes("{\"environment\":{" + environment + "}}");
        byte[] flat = Encoding.UTF8.GetBytes("{" + members + "}");
        Assert.InRange(payload.Length, 50_000, 65_535);
        var watch = Stopwatch.StartNew();

        for (int round = 0; round < 20; round++)
        {
            Assert.True(OpenRequest.TryRead(payload, out OpenRequest? read));
            Assert.Equal(5_000, read.Environment.Count);
            Assert.True(OpenRequest.TryRead(flat, out _));
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed} for 40 of them");
    }

    private static byte[]? Read(string name, string text) => Messages.Readers[name](Encoding.UTF8.GetBytes(text));
}
