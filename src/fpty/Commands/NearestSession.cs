using Forkpty.Client;
using Forkpty.Protocol;

namespace Forkpty.Commands;

/// <summary>For a name that no session has: the one that was probably meant.</summary>
internal static class NearestSession
{
    /// <summary>The rest of a sentence; empty where no name is near, or the refusal was another one.</summary>
    public static string Hint(string? refusal, string? name, RouterAddress address)
    {
        if (refusal != "unknown-session" || name is null) return "";
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
