using System.Globalization;

namespace Forkpty.Jail;

/// <summary>
/// The hidden verbs by which fpty starts itself again. A jail needs it: .NET has two threads when Main begins, and only an exec puts every thread
/// into a namespace. The way is: the ordinary start, <see cref="Supervise"/> (where another process is needed), <see cref="Confine"/>, <see cref="Serve"/>.
/// </summary>
internal static class Stage
{
    /// <summary>A supervisor: a child in new user or pid namespaces, signals passed on, children reaped.</summary>
    public const string Supervise = "__supervise";

    /// <summary>Makes the rest of the jail, from inside the user and pid namespaces.</summary>
    public const string Confine = "__confine";

    /// <summary>Every thread is inside: serve.</summary>
    public const string Serve = "__serve";

    /// <summary>The name in ps where <c>procname</c> gives none.</summary>
    public const string DefaultName = "fpty";

    /// <summary>True for one of the verbs above as the first argument.</summary>
    public static bool Is(IReadOnlyList<string> arguments, string verb) => arguments.Count >= 2 && arguments[0] == verb;

    /// <summary>What the stage before left, from the arguments of this one.</summary>
    /// <exception cref="JailException">A person typed the verb.</exception>
    public static Handover Receive(IReadOnlyList<string> arguments) =>
        int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out int fd)
            ? Handover.Read(fd)
            : throw new JailException($"{arguments[0]} is for fpty itself");
}
