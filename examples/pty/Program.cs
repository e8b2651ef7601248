// Runs a program on a terminal of its own, answers what it asks, and tells how it ended:
//
//   dotnet run --project examples/pty                          a small conversation with /bin/sh
//   dotnet run --project examples/pty -- ls --color=auto       any program: it writes in colours, because it has a terminal
using System.Text;
using Forkpty;

const string Conversation = "printf 'Your name? '; read -r name; echo \"Hello $name, your window is $(stty size).\"; exit 7";

using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
var command = args.Length > 0
    ? new PtyCommand(args[0]) { Arguments = args[1..] }
    : new PtyCommand("/bin/sh") { Arguments = ["-c", Conversation], Size = new(33, 111) };
try
{
    await using PtyProcess process = await PtyProcess.StartAsync(command, timeout.Token);
    if (args.Length == 0)
        await process.WriteAsync("Ada\n"u8.ToArray(), timeout.Token);

    // One buffer, used again: no thread and no memory belong to a program that is silent.
    await using Stream output = Console.OpenStandardOutput();
    byte[] buffer = new byte[16 * 1024];
    while (await process.ReadAsync(buffer, timeout.Token) is > 0 and int count)
        await output.WriteAsync(buffer.AsMemory(0, count), timeout.Token);

    ExitStatus status = await process.WaitForExitAsync(timeout.Token);
    await output.WriteAsync(Encoding.UTF8.GetBytes($"The program ended: {status}.\n"), timeout.Token);
    return 0;
}
catch (KernelException failure)
{
    await Console.Error.WriteLineAsync($"Cannot run {command.FileName}: {failure.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("The program took longer than 30 seconds. Its terminal was hung up.");
    return 1;
}
