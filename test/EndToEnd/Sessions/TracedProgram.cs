using System.Text.RegularExpressions;

namespace Forkpty.EndToEnd.Sessions;

public sealed class TracedProgram
{
    [Theory(Timeout = Patience.Test)]
    [InlineData("--pty")]
    [InlineData("--no-pty")]
    public async Task Where_its_tracer_does_not_look_at_its_end_an_attach_waits_without_work(string streams)
    {
        using var directory = new TempDirectory();
        string script = directory.Write("trace.py", Trace);
        using var target = System.Diagnostics.Process.Start("/bin/sleep", "1000")!;
        try
        {
            await using var terminal = await Terminal.StartAsync(["/bin/sh", "-c", $"exec {Binaries.Fpty} attach {target.Id} {streams} -- python3 {script}"]);
            Match traced = await terminal.Output.ExpectAsync(new Regex(@"(traced|refused) (\d+)\r\n"));
            Assert.SkipUnless(traced.Groups[1].Value == "traced", "nobody may trace here");
            await terminal.TypeAsync("\n");
            int program = ProcessFacts.Children(terminal.ProcessId).Single();
            await Patience.UntilAsync(() => ProcessFacts.State(program) == 'Z', "the end of the program");

            await ProcessFacts.ExpectIdleAsync(terminal.ProcessId);

            await Command.SignalAsync(int.Parse(traced.Groups[2].Value, null), "KILL");
            Assert.Equal(3, await terminal.ExpectExitAsync());
        }
        finally
        {
            target.Kill();
        }
    }

    private const string Trace = """
        import ctypes, os, time
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(0x59616d61, ctypes.c_ulong(2**64 - 1), 0, 0, 0)
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            os.setsid()
            print("traced" if libc.ptrace(0x4206, parent, 0, 0) == 0 else "refused", os.getpid(), flush=True)
            for descriptor in range(3):
                os.close(descriptor)
            time.sleep(1000)
        input()
        os._exit(3)
        """;

    [Fact(Timeout = Patience.Test)]
    public async Task Where_its_tracer_does_not_look_at_its_end_the_router_waits_without_work()
    {
        using var directory = new TempDirectory();
        string script = directory.Write("trace.py", Trace);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: $"exec python3 {script}"));
        Match traced = await peer.Output.ExpectAsync(new Regex(@"(traced|refused) (\d+)\r\n"));
        int tracer = int.Parse(traced.Groups[2].Value, null);
        try
        {
            Assert.SkipUnless(traced.Groups[1].Value == "traced", "nobody may trace here");
            await peer.TypeAsync("\n");
            await Patience.UntilAsync(() => ProcessFacts.Status(peer.Pid, "State").StartsWith('Z'), "the end of the program");

            await ProcessFacts.ExpectIdleAsync(router.ServingProcessId);

            Assert.DoesNotContain(peer.Packets, static packet => packet.Type == PacketType.Exit);
        }
        finally
        {
            await Command.SignalAsync(tracer, "KILL");
        }

        Assert.Equal(3, (await peer.ExpectExitAsync()).Number("code"));
    }
}
