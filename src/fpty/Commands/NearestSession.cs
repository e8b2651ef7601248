using Forkpty.Client;
using Forkpty.Protocol;

namespace Forkpty.Commands;

/// <summary>For a name that no session has: the one that was probably meant.</summary>
internal static class NearestSession
{
    /// <summary>Whether a router knows nothing of a session, and not how it has ended, which it says where it remembers that: then nothing else was meant.</summary>
    public static bool NeverWas(string? refusal, string sentence) => refusal == "unknown-session" && sentence.StartsWith("there is no session ", StringComparison.Ordinal);

    /// <summary>The rest of a sentence; empty where no name is near, or the refusal was another one.</summary>
    public static string Hint(string sentence, string? refusal, string? name, RouterAddress address)
    {
        if (!NeverWas(refusal, sentence) || name is null) return "";
        try
        {
            using RouterControl control = RouterControl.Open(address);
            string? nearest = NearestName.Find(name, control.List().Select(session => session.Session));
            return nearest is null ? "" : $"; the nearest is {nearest}";
        }
        catch (RouterException)
        {
            return ""; // it has said what is wrong already
        }
    }
}
