namespace Forkpty.EndToEnd;

public sealed class JobControl
{
    [Theory(Timeout = Patience.Test), Pairs(OnTerminal = true)]
    public async Task Bash_stops_resumes_and_interrupts_a_job(ClientKind client, RouterKind router, Wire wire)
    {
        await using var person = await Person.AtAsync(client, router, wire);

        // It says when it is in the foreground: a key before that goes to bash, which has no use for it.
        using var directory = new TempDirectory();
        var job = directory.WriteScript("job", "#!/bin/sh\ntrap 'echo awake' CONT\necho asleep\nwhile :; do sleep 0.1; done\n");
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
