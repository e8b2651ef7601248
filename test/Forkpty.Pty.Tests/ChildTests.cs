using Forkpty.Interop;
using Xunit;

namespace Forkpty.Tests;

/// <summary>What a program finds when it starts.</summary>
public sealed class ChildTests
{
    [Fact(Timeout = 150_000)]
    public async Task The_terminal_controls_the_program_which_leads_its_session()
    {
        await using PtyProcess process = await Programs.Sh("echo opened >/dev/tty && ps -o sid=,pgid=,tpgid=,tty= -p $$");
        string[] lines = (await process.ReadToEnd()).Split("\r\n");
        Assert.Equal("opened", lines[0]);
        Assert.Equal([$"{process.Id}", $"{process.Id}", $"{process.Id}", $"pts/{process.Terminal.Number}"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact(Timeout = 150_000)]
    public async Task The_window_has_24_rows_of_80_columns_where_nobody_says_otherwise() =>
        Assert.Equal("24 80\r\n", (await Programs.Run("/bin/stty", "size")).Output);

    [Fact(Timeout = 150_000)]
    public async Task The_window_has_its_size_before_the_first_byte()
    {
        await using PtyProcess process = await PtyProcess.StartAsync(new PtyCommand("/bin/stty") { Arguments = ["size"], Size = new(50, 132, 1320, 1000) });
        Assert.Equal("50 132\r\n", await process.ReadToEnd());
        Assert.Equal(new WindowSize(50, 132, 1320, 1000), process.Terminal.Size);
    }

    [Fact(Timeout = 150_000)]
    public async Task Erasing_takes_a_whole_character_of_UTF8()
    {
        await using PtyProcess process = await Programs.Sh("stty -echo; echo ready; read line; echo \"got $line\"");
        await process.ReadUntil("ready\r\n");
        await process.Type("a€\u007fb\n");
        Assert.Equal("got ab\r\n", await process.ReadToEnd());
    }

    [Fact(Timeout = 150_000)]
    public async Task No_signal_is_ignored_or_blocked()
    {
        string status = (await Programs.Run("/bin/cat", "/proc/self/status")).Output;
        Assert.Contains("SigBlk:\t0000000000000000\r\n", status, StringComparison.Ordinal);
        Assert.Contains("SigIgn:\t0000000000000000\r\n", status, StringComparison.Ordinal);
        Assert.Contains("SigCgt:\t0000000000000000\r\n", status, StringComparison.Ordinal);
    }

    [Fact(Timeout = 150_000)]
    public async Task A_closed_pipe_ends_who_writes_into_it() =>
        Assert.Equal("y\r\n141 0\r\n", (await Programs.Run("/bin/bash", "-c", "yes | head -1; echo ${PIPESTATUS[@]}")).Output);

    [Fact(Timeout = 150_000)]
    public async Task No_descriptor_but_the_terminal_is_inherited()
    {
        using var inheritable = new SafeFd(Libc.open("/dev/null", Libc.O_RDWR));
        await using PtyProcess process = await Programs.Start("/bin/cat");
        await process.Type("loaded\n"); // until it answers, the dynamic loader may hold the library that it maps
        await process.ReadUntil("loaded\r\nloaded\r\n");
        FileSystemInfo[] descriptors = new DirectoryInfo($"/proc/{process.Id}/fd").GetFileSystemInfos();
        Assert.Equal(["0", "1", "2"], descriptors.Select(fd => fd.Name).Order());
        Assert.All(descriptors, fd => Assert.Equal(process.Terminal.Name, fd.LinkTarget));
    }

    [Fact(Timeout = 150_000)]
    public async Task The_environment_is_the_one_that_was_given_and_no_more()
    {
        await using PtyProcess process = await PtyProcess.StartAsync(
            new PtyCommand("/usr/bin/env") { Environment = new Dictionary<string, string> { ["TERM"] = "xterm", ["GREETING"] = "grüß = gott" } });
        Assert.Equal(["GREETING=grüß = gott", "TERM=xterm", ""], (await process.ReadToEnd()).Split("\r\n").OrderByDescending(line => line.Length));
    }

    [Fact(Timeout = 150_000)]
    public async Task The_program_starts_in_the_working_directory_that_was_given()
    {
        await using PtyProcess process = await PtyProcess.StartAsync(new PtyCommand("pwd") { WorkingDirectory = "/usr/share" });
        Assert.Equal("/usr/share\r\n", await process.ReadToEnd());
    }

    [Fact(Timeout = 150_000)]
    public async Task Arguments_arrive_as_they_are() =>
        Assert.Equal("[a b][][ü$HOME]", (await Programs.Run("printf", "[%s]", "a b", "", "ü$HOME")).Output);

    [Fact(Timeout = 150_000)]
    public async Task A_NUL_in_any_text_is_refused_because_the_program_would_get_a_part_of_it()
    {
        PtyCommand[] commands =
        [
            new("/bin/e\0cho"),
            new("/bin/echo") { Arguments = ["a\0b"] },
            new("/bin/echo") { WorkingDirectory = "/usr\0/share" },
            new("/bin/echo") { Environment = new Dictionary<string, string> { ["A"] = "b\0c" } },
            new("/bin/echo") { Environment = new Dictionary<string, string> { ["A\0"] = "b" } },
        ];
        foreach (PtyCommand command in commands)
            await Assert.ThrowsAsync<ArgumentException>(() => PtyProcess.StartAsync(command));
    }
}
