using System.IO.Enumeration;
using Forkpty.Named;
using Forkpty.Options;
using Forkpty.Protocol;
using Forkpty.Targets;

namespace Forkpty.Serving;

/// <summary>The router's clients have sessions inside of what <c>attach-targets</c> names, and hear of nothing else.</summary>
internal sealed class TargetEntrance : IEntrance
{
    private readonly List<string> _patterns;

    private TargetEntrance(List<string> patterns) => _patterns = patterns;

    /// <summary>What the configuration lets in; null where it lets in nobody.</summary>
    public static TargetEntrance? From(Configuration configuration)
    {
        List<string> patterns = [];
        foreach (string list in configuration.All(OptionTable.AttachTargets))
            patterns.AddRange(TargetPatterns.Split(list));
        return patterns.Count > 0 ? new TargetEntrance(patterns) : null;
    }

    public (Pty Terminal, Leader Leader, string? Notice) Enter(OpenRequest request, WindowSize size)
    {
        Target target = Host.Local.Find(request.Target!, IsAllowed);
        EnteredProgram program = Entry.Start(target, new EntryOptions
        {
            Command = request.Command ?? [],
            User = request.User,
            WorkingDirectory = request.Directory,
            Environment = request.Environment,
            Inherited = request.Term is { } term ? new Dictionary<string, string> { ["TERM"] = term } : [],
            Size = size,
        });
        return (program.Terminal, program.Leader, program.Notice);
    }

    private bool IsAllowed(Target target)
    {
        foreach (string pattern in _patterns)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, target.FullName, ignoreCase: false))
                return true;
        }

        return false;
    }
}
