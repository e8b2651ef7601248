namespace Forkpty.EndToEnd;

public sealed class JobControl
{
    [Theory(Timeout = Patience.Test), Pairs(OnTerminal = true)]
    public async Task Bash_stops_resumes_and_interrupts_a_job(ClientKind client, RouterKind router, Wire wire)
    {
        await using var person = await Person.AtAsync(client, router, wire);

        // It says when it is in the foreground: a key before that goes to bash, which has no use for it. One process alone: dash starts children by vfork(2), and a child
        // that is stopped before it executes keeps it from stopping.
        using var directory = new TempDirectory();
        var job = directory.WriteScript("job", """
            #!/usr/bin/python3
            import signal
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.signal(signal.SIGCONT, lambda *_: print("awake", flush=True))
            print("asleep", flush=True)
            while True:
                signal.pause()

            """);
        await person.Screen.LineAsync(job);
        await person.Screen.ExpectAsync("^asleep");
        await person.Screen.PressAsync("C-z");
        await person.Screen.ExpectAsync("Stopped +/");
        await person.Screen.LineAsync("jobs; fg");
        await person.Screen.ExpectAsync("^awake");
        await person.Screen.PressAsync("C-c");
        await person.Screen.LineAsync("echo status-$?");

        await person.Screen.ExpectAsync("^status-130");
    }
}
