using Forkpty.Client;
using Forkpty.Options;

namespace Forkpty.Commands;

/// <summary>For words of a command line that lead nowhere: what the person probably meant.</summary>
internal static class ProbablyMeant
{
    /// <summary>The rest of the sentence that tells where they lead; empty where they can mean nothing else.</summary>
    public static string Hint(CommandLine line, ClientOutcome outcome)
    {
        bool isAttach = line.Verb == Verb.Attach;
        if (line.Arguments.Count != (isAttach ? 2 : 1)) return "";
        string address = line.Arguments[^1];

        // As with docker exec, which takes the command without dashes.
        if (outcome is { ExitStatus: ClientOutcome.CouldNotConnect, Refusal: null } && address.AsSpan().IndexOfAny("/:@") < 0 && !File.Exists(address))
            return $"; a command comes after --, as in fpty {(isAttach ? $"attach {line.Arguments[0]}" : "connect")} -- {address}";
        return isAttach && outcome.Refusal == "unknown-session" ? "; a target is named with its kind there, as podman:web" : "";
    }
}
