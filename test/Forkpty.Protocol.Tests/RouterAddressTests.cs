using System.Net;
using Xunit;

namespace Forkpty.Protocol.Tests;

public sealed class RouterAddressTests
{
    [Theory]
    [InlineData("/tmp/fpty.socket")]
    [InlineData("fpty.socket")]
    [InlineData("./a:b")]
    [InlineData("/tmp/a:b")]
    [InlineData("/tmp/ü")]
    public void A_path(string text)
    {
        var address = Assert.IsType<UnixAddress>(RouterAddress.Parse(text));
        Assert.Equal(text, address.Path);
        Assert.Equal(text, address.ToString());
        Assert.True(address.IsLoopback);
    }

    [Fact]
    public void An_abstract_name()
    {
        var address = Assert.IsType<AbstractAddress>(RouterAddress.Parse("@fpty:1"));
        Assert.Equal("fpty:1", address.Name);
        Assert.Equal("@fpty:1", address.ToString());
        Assert.True(address.IsLoopback);
    }

    [Theory]
    [InlineData("127.0.0.1:8000", "127.0.0.1", 8000, true)]
    [InlineData("127.9.9.9:1", "127.9.9.9", 1, true)]
    [InlineData("localhost:8000", "localhost", 8000, true)]
    [InlineData("LocalHost:8000", "LocalHost", 8000, true)]
    [InlineData("[::1]:8000", "::1", 8000, true)]
    [InlineData("[::ffff:127.0.0.1]:80", "::ffff:127.0.0.1", 80, true)]
    [InlineData("[::]:8000", "::", 8000, false)]
    [InlineData(":8000", "", 8000, false)]
    [InlineData("0.0.0.0:65535", "0.0.0.0", 65535, false)]
    [InlineData("192.0.2.7:0", "192.0.2.7", 0, false)]
    [InlineData("db-1.example.org:8000", "db-1.example.org", 8000, false)]
    public void A_host_and_a_port(string text, string host, int port, bool loopback)
    {
        var address = Assert.IsType<TcpAddress>(RouterAddress.Parse(text));
        Assert.Equal((host, port, loopback), (address.Host, address.Port, address.IsLoopback));
        Assert.Equal(text, address.ToString());
    }

    [Fact]
    public void Only_a_name_needs_resolving()
    {
        Assert.Equal(IPAddress.Any, ((TcpAddress)RouterAddress.Parse(":80")).Numeric);
        Assert.Equal(IPAddress.Loopback, ((TcpAddress)RouterAddress.Parse("localhost:80")).Numeric);
        Assert.Equal(IPAddress.IPv6Loopback, ((TcpAddress)RouterAddress.Parse("[::1]:80")).Numeric);
        Assert.Null(((TcpAddress)RouterAddress.Parse("example.org:80")).Numeric);
    }

    [Fact]
    public void A_descriptor()
    {
        var address = Assert.IsType<InheritedAddress>(RouterAddress.Parse("fd://3"));
        Assert.Equal(3, address.Descriptor);
        Assert.Equal("fd://3", address.ToString());
        Assert.False(address.IsLoopback); // nobody knows before getsockname
    }

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    [InlineData("/tmp/a\0b", "NUL")]
    [InlineData("@", "no name")]
    [InlineData("host:", "no port")]
    [InlineData("host:65536", "up to 65535")]
    [InlineData("host:-1", "no port")]
    [InlineData("host:+1", "no port")]
    [InlineData("host: 1", "no port")]
    [InlineData("host:8000x", "no port")]
    [InlineData("::1:8000", "brackets")]
    [InlineData("[::1]", "[::1]:8000")]
    [InlineData("[127.0.0.1]:80", "no IPv6 address")]
    [InlineData("[::g]:80", "no IPv6 address")]
    [InlineData("256.0.0.1:80", "no IPv4 address")]
    [InlineData("my host:80", "no host name")]
    [InlineData("tmp/a:80", "./")]
    [InlineData("fd://", "fd://3")]
    [InlineData("fd://-1", "fd://3")]
    [InlineData("fd://99999999999", "fd://3")]
    public void What_is_no_address_is_explained_in_a_sentence(string? text, string part)
    {
        Assert.False(RouterAddress.TryParse(text, out var address, out var error));
        Assert.Null(address);
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_fits_into_sun_path_in_bytes()
    {
        Assert.True(RouterAddress.TryParse("/" + new string('a', 106), out _, out _));
        Assert.False(RouterAddress.TryParse("/" + new string('a', 107), out _, out var error));
        Assert.Contains("108 bytes", error, StringComparison.Ordinal);
        Assert.False(RouterAddress.TryParse("/" + new string('ü', 54), out _, out error));
        Assert.Contains("109 bytes", error, StringComparison.Ordinal);
        Assert.True(RouterAddress.TryParse("@" + new string('a', 107), out _, out _));
        Assert.False(RouterAddress.TryParse("@" + new string('a', 108), out _, out error));
        Assert.Contains("108 bytes", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_throws_the_sentence()
    {
        Assert.Contains("no port", Assert.Throws<FormatException>(() => RouterAddress.Parse("a:b")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_text_is_an_equal_address()
    {
        Assert.Equal(RouterAddress.Parse("[::1]:80"), RouterAddress.Parse("[::1]:80"));
        Assert.NotEqual(RouterAddress.Parse("@a"), RouterAddress.Parse("a"));
    }
}
