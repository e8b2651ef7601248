namespace Forkpty.EndToEnd.Attach;

/// <summary>TIOCSTI types a key into a terminal, as if its user had. A program with all privileges can do that to its own terminal alone, never to that of who looks at it.</summary>
public sealed class TypedIntoTheCaller
{
    // It types into whatever terminal it has hold of, and tells whether the kernel let it.
    private const string Inject = """
        #include <stdio.h>
        #include <sys/ioctl.h>
        int main(void) {
            const char *keys = "echo INJECTED-$((40+2))\n";
            int typed = 0;
            for (int file = 0; file < 64; file++)
                for (const char *each = keys; *each; each++)
                    typed += ioctl(file, TIOCSTI, each) == 0;
            printf(typed ? "typed\n" : "forbidden\n");
        }
        """;

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Unshare)]
    [InlineData(TargetKind.Podman)]
    public async Task Nothing_is_typed_from_a_container(TargetKind kind)
    {
        await using var target = await RunningTarget.StartAsync(kind, options: "--privileged");
        await CompileAsync(target.Root["tmp/inject"]);

        await ExpectNothingTypedAsync($"{Binaries.Fpty} attach {target.ProcessId} -- /tmp/inject");
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Nothing_is_typed_from_a_container_over_a_router()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await CompileAsync(target.Root["tmp/inject"]);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("attach-targets", $"pid:{target.ProcessId}"));

        await ExpectNothingTypedAsync($"{Binaries.Fpty} attach pid:{target.ProcessId} {router.UwsgiAddress} -- /tmp/inject");
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Nothing_is_typed_from_a_session_of_a_router()
    {
        using var directory = new TempDirectory();
        await CompileAsync(directory["inject"]);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        await ExpectNothingTypedAsync($"{Binaries.Fpty} attach --create work {router.UwsgiAddress} -- {directory["inject"]}");
    }

    private static Task<string> CompileAsync(string program) => Command.ShellAsync($"gcc -static -x c -o {program} - <<'END'\n{Inject}\nEND");

    private static async Task ExpectNothingTypedAsync(string command)
    {
        await using var shell = await Terminal.StartAsync(["/bin/bash", "--norc"]);
        await shell.TypeAsync($"{command}; echo back-$((1+1))\r");
        await shell.Output.ExpectAsync("back-2");
        Assert.SkipWhen(shell.Output.Text.Contains("forbidden", StringComparison.Ordinal), "this kernel lets nobody type so (dev.tty.legacy_tiocsti)");
        Assert.Contains("typed", shell.Output.Text, StringComparison.Ordinal);

        await shell.TypeAsync("echo done-$((1+2))\r");

        await shell.Output.ExpectAsync("done-3");
        Assert.DoesNotContain("INJECTED-42", shell.Output.Text, StringComparison.Ordinal);
    }
}
