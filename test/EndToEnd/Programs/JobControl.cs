namespace Forkpty.EndToEnd;

public sealed class JobControl
{
    [Theory(Timeout = Patience.Test), Pairs(OnTerminal = true)]
    public async Task Bash_stops_resumes_and_interrupts_a_job(ClientKind client, RouterKind router, Wire wire)
    {
        await using var person = await Person.AtAsync(client, router, wire);

        await person.Screen.LineAsync("sleep 987");
        await person.Screen.PressAsync("C-z");
        await person.Screen.ExpectAsync("Stopped +sleep 987");
        await person.Screen.LineAsync("jobs; fg");
        await person.Screen.ExpectAsync("^sleep 987");
        await person.Screen.PressAsync("C-c");
        await person.Screen.LineAsync("echo status-$?");

        await person.Screen.ExpectAsync("^status-130");
    }
}
