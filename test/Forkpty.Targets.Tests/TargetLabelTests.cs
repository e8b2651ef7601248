using Xunit;

namespace Forkpty.Targets;

/// <summary>What is written so that the program has the label of its target; by the kernel's documentation, since a label needs a kernel with AppArmor or SELinux on.</summary>
public sealed class TargetLabelTests
{
    private const string Own = "/proc/self/attr/apparmor/exec";
    private const string Any = "/proc/self/attr/exec";

    [Theory]
    [InlineData("docker-default (enforce)", "exec docker-default")]
    [InlineData("/usr/bin/man (complain)", "exec /usr/bin/man")]
    [InlineData("lxc-a_</var/lib/lxc>//&:lxc-a_<-var-lib-lxc>:unconfined (enforce)", "exec lxc-a_</var/lib/lxc>//&:lxc-a_<-var-lib-lxc>:unconfined")]
    [InlineData("/opt/My App (x86)/run (enforce)", "exec /opt/My App (x86)/run")]
    [InlineData("unconfined", "exec unconfined")]
    public void A_profile_of_AppArmor_is_named_without_its_mode(string label, string written)
    {
        Assert.Equal([Own, written], TargetLabel.Writes(label, "other (enforce)", hasOwnFile: true));
        Assert.Equal([Any, written], TargetLabel.Writes(label, "other (enforce)", hasOwnFile: false)); // before 5.1
    }

    [Theory]
    [InlineData("system_u:system_r:container_t:s0:c12,c345")]
    [InlineData("u:r:untrusted_app:s0 (odd):c1")]
    public void A_context_of_SELinux_is_written_as_it_is(string label) =>
        Assert.Equal([Any, label], TargetLabel.Writes(label, "unconfined_u:unconfined_r:unconfined_t:s0", hasOwnFile: false));

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "docker-default (enforce)")]
    [InlineData("unconfined", "unconfined")]
    [InlineData("docker-default (enforce)", "docker-default (enforce)")]
    public void Nothing_is_written_where_there_is_none_or_it_is_ours(string? label, string? own) => Assert.Empty(TargetLabel.Writes(label, own, hasOwnFile: true));
}
