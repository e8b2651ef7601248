using Xunit;

namespace Forkpty.Protocol.Tests;

/// <summary>Bytes as the kernel takes them: unix(7), ip(7), ipv6(7).</summary>
public sealed class SocketAddressesTests
{
    [Theory]
    [InlineData("/a", "0100 2F61 00")]
    [InlineData("./ü", "0100 2E2FC3BC 00")]
    [InlineData("@a", "0100 0061", "0100 0061 00")]
    [InlineData("127.0.0.1:258", "0200 0102 7F000001 0000000000000000")]
    [InlineData(":80", "0200 0050 00000000 0000000000000000")]
    [InlineData("[::2]:80", "0A00 0050 00000000 00000000000000000000000000000002 00000000")]
    [InlineData("[fe80::1%7]:80", "0A00 0050 00000000 FE800000000000000000000000000001 07000000")]
    [InlineData("LocalHost:80", "0200 0050 7F000001 0000000000000000", "0A00 0050 00000000 00000000000000000000000000000001 00000000")]
    [InlineData("example.org:80")]
    [InlineData("fd://3")]
    public void An_address_is_these_in_this_order(string text, params string[] addresses) =>
        Assert.Equal(addresses.Select(each => each.Replace(" ", "", StringComparison.Ordinal)), Of(text));

    [Fact]
    public void The_longest_abstract_name_has_no_room_for_a_second_spelling()
    {
        Assert.Equal(2, Of("@" + new string('ü', 53)).Length); // 106 bytes
        Assert.Single(Of("@" + new string('ü', 53) + "x"));
    }

    private static string[] Of(string text) => [.. SocketAddresses.Of(RouterAddress.Parse(text)).Select(Convert.ToHexString)];
}
