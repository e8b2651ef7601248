// An application that gives its operators a shell beside it, with what it knows about itself in the environment:
//
//   dotnet run --project examples/embed                          serves /tmp/embed.usocket until Ctrl-C
//   dotnet run --project examples/embed -- /run/app.usocket      another path
//
// and in another terminal: fpty connect /tmp/embed.usocket
using System.Runtime.InteropServices;
using Forkpty;
using Forkpty.Protocol;

string path = args.Length > 0 ? args[0] : "/tmp/embed.usocket";
Dictionary<string, string> environment = SessionEnvironment.Create();
environment["APP_PID"] = $"{Environment.ProcessId}";

var options = new RouterOptions
{
    Listeners = [new ListenOptions(RouterAddress.Parse(path), WireMode.Uwsgi)],
    Sockets = new SocketOptions { Mode = 0b110_000_000 }, // 0600: whoever may connect has a shell as this user
    Command = "echo \"This is the shell of process $APP_PID.\"; exec /bin/sh",
    Environment = environment,
};

var end = new TaskCompletionSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
try
{
    await using var router = new Router(options);
    router.Start();
    Console.WriteLine($"Serving {path}. Connect with: fpty connect {path}");
    await end.Task;

    RouterStatistics statistics = router.Statistics;
    Console.WriteLine($"{statistics.Sessions} sessions, {statistics.BytesIn} bytes in, {statistics.BytesOut} bytes out.");
    return 0;
}
catch (ListenException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true; // the router's sessions are hung up and its socket is removed before this process ends
    end.TrySetResult();
}
