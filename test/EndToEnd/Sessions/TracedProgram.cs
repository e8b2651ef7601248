using System.Text.RegularExpressions;

namespace Forkpty.EndToEnd.Sessions;

public sealed class TracedProgram
{
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
