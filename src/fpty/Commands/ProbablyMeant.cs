using Forkpty.Options;

namespace Forkpty.Commands;

/// <summary>For words of a command line that lead nowhere: what the person probably meant.</summary>
internal static class ProbablyMeant
{
    /// <summary>The rest of the sentence that tells where they lead; empty where they can mean nothing else.</summary>
    /// <param name="line">What was typed; null for a command that has an address of its own.</param>
    /// <param name="sentence">What it led to.</param>
    /// <param name="refusal">The router's word for why it refused; null where it was not reached.</param>
    public static string Hint(CommandLine? line, string sentence, string? refusal)
    {
        if (line is null) return "";
        bool hasName = line.Verb is Verb.Attach or Verb.Detach or Verb.Kill;
        if (line.Arguments.Count != (hasName ? 2 : 1)) return "";
        string address = line.Arguments[^1];
        if (refusal is null && address.AsSpan().IndexOfAny("/:@") < 0 && !File.Exists(address))
            return InPlaceOfAnAddress(line.Verb, line.Arguments[0], address);
        return line.Verb == Verb.Attach && NearestSession.NeverWas(refusal, sentence) ? "; a target is named with its kind there, as podman:web" : "";
    }

    private static string InPlaceOfAnAddress(Verb verb, string name, string word)
    {
        string command = $"fpty {CommandLine.VerbNames[(int)verb]}";
        return verb switch
        {
            Verb.Attach => $"; a command comes after --, as in {command} {name} -- {word}", // as with docker exec, which takes it without dashes
            Verb.Connect => $"; a command comes after --, as in {command} -- {word}",
            Verb.Detach or Verb.Kill => $"; one session at a time: {command} {name}, then {command} {word}",
            _ => $"; an address has a slash or a colon in it, and may be left out: {command}",
        };
    }
}
