using System.Globalization;

namespace Forkpty.EndToEnd;

/// <summary>The units of packaging/systemd.</summary>
public sealed class ServiceUnits
{
    private const string Analyze = "/usr/bin/systemd-analyze";

    private static readonly string Units = Path.Combine(Binaries.Repository, "packaging/systemd");

    public static bool HasAnalyze => File.Exists(Analyze);

    [Fact(Timeout = Patience.Test, Skip = "systemd-analyze is not installed", SkipUnless = nameof(HasAnalyze))]
    public async Task Systemd_finds_no_fault_in_them()
    {
        using var directory = new TempDirectory();
        List<string> units = [];
        foreach (string unit in Directory.GetFiles(Units))
            units.Add(directory.Write(Path.GetFileName(unit), (await File.ReadAllTextAsync(unit)).Replace("/usr/bin/fpty", Binaries.Fpty, StringComparison.Ordinal)));

        var result = await Command.RunAsync([Analyze, "verify", "--man=no", "--recursive-errors=no", .. units]);

        Assert.Equal((0, "", ""), (result.Status, result.Output, result.Error));
    }

    [Fact]
    public void A_router_that_is_killed_leaves_its_kept_sessions_to_the_next_one()
    {
        var service = Read("fpty.service");

        Assert.Equal("notify", service["Type"]); // the router says when it serves, and hands its descriptors over by the same socket
        Assert.Equal("main", service["NotifyAccess"]);
        Assert.Equal("process", service["KillMode"]); // else the programs of kept sessions end with their router
        Assert.Equal("on-failure", service["Restart"]);
        Assert.Equal("/usr/bin/fpty serve", service["ExecStart"]);
        Assert.Equal("/bin/kill -HUP $MAINPID", service["ExecReload"]);

        // Three for each kept session, of as many as the router may have open.
        int stored = int.Parse(service["FileDescriptorStoreMax"], CultureInfo.InvariantCulture);
        Assert.Equal(0, stored % 3);
        Assert.InRange(stored, 3, int.Parse(service["LimitNOFILE"].Split(':')[1], CultureInfo.InvariantCulture));
        string told = File.ReadAllText(Path.Combine(Binaries.Repository, "docs/architecture.md")) + File.ReadAllText(Path.Combine(Binaries.Repository, "README.md"));
        Assert.Contains("`FileDescriptorStoreMax=`", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fpty.socket", "uwsgi", "/run/fpty/fpty.usocket", "fpty connect /run/fpty/fpty.usocket")]
    [InlineData("fpty-raw.socket", "raw", "/run/fpty/fpty.socket", "socat -,raw,echo=0 UNIX-CONNECT:/run/fpty/fpty.socket")]
    public void A_socket_has_the_name_that_the_router_goes_by_and_is_the_owners(string unit, string name, string path, string use)
    {
        var socket = Read(unit);

        Assert.Equal(name, socket["FileDescriptorName"]);
        Assert.Equal(path, socket["ListenStream"]);
        Assert.Equal("0600", socket["SocketMode"]);
        Assert.EndsWith(use, socket["Description"], StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Read(string unit) => File.ReadLines(Path.Combine(Units, unit))
        .Where(static line => line.Length > 0 && line[0] is not ('#' or '['))
        .Select(static line => line.Split('=', 2))
        .ToDictionary(static setting => setting[0], static setting => setting[1]);
}
