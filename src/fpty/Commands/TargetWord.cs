using System.Globalization;
using Forkpty.Options;
using Forkpty.Targets;

namespace Forkpty.Commands;

/// <summary>The word after <c>fpty attach</c>: a number or KIND:NAME is a target, everything else a session of the router; a number too, where an address follows.</summary>
internal static class TargetWord
{
    public static bool IsTarget(IReadOnlyList<string> words) =>
        words[0].Contains(':', StringComparison.Ordinal) || (words.Count == 1 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out _));

    /// <exception cref="EntryException">There is none.</exception>
    public static Target Find(string word)
    {
        string number = word.StartsWith("pid:", StringComparison.Ordinal) ? word[4..] : word;
        if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            return TargetProcess.Find(pid);
        throw new ConfigurationException($"attach {word}: a target is the number of a process; a session's name has no colon.");
    }
}
