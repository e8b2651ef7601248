using System.Globalization;
using System.Text;
using Forkpty.Client;
using Forkpty.Protocol;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Forkpty.Tests;

/// <summary>Runs the tests, or with "client" as the first argument is the client under test: address, mode, escape key, and what is asked for as the JSON of OPEN.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["client", var address, var mode, var escape, .. var session])
            return RunClient(address, mode, escape, session is [var request, ..] ? Read(request) : null, session is [_, var seconds] ? double.Parse(seconds, CultureInfo.InvariantCulture) : 60);
        if (args.Any(arg => arg is "--server" or "--internal-msbuild-node"))
            return await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        return await ConsoleRunner.Run(args);
    }

    private static OpenRequest? Read(string request) =>
        request.Length == 0 ? null : OpenRequest.TryRead(Encoding.UTF8.GetBytes(request), out OpenRequest? open) ? open : throw new FormatException(request);

    private static int RunClient(string address, string mode, string escape, OpenRequest? session, double reconnect)
    {
        if (!EscapeKey.TryParse(escape, out EscapeKey key, out string? error)) throw new FormatException(error);
        ClientOutcome outcome = TerminalClient.Run(
            new TerminalClientOptions(RouterAddress.Parse(address), Enum.Parse<WireMode>(mode)) { Escape = key, Session = session, Reconnect = TimeSpan.FromSeconds(reconnect) });
        if (outcome.Sentence is not null)
        {
            // Console.Error would first write terminfo's keypad sequence to the terminal, and its settings are what is under test.
            using Stream stderr = Console.OpenStandardError();
            stderr.Write(Encoding.UTF8.GetBytes($"fpty: {outcome.Sentence}\n"));
        }

        return outcome.ExitStatus;
    }
}
