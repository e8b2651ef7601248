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

    public (Pty Terminal, Leader Leader, string? Notice, string Place) Enter(OpenRequest request, WindowSize size, Func<bool> isGivenUp)
    {
        try
        {
            return EnterAs(request, size, isGivenUp);
        }
        catch (Exception fault) when (fault is not IOException)
        {
            // Much of what is read on the way in was written by others, and a fault in reading it must not be the end of everybody's session.
            throw new TargetException($"{Readable.Of(request.Target!)}: fpty itself has failed here, please report it", fault);
        }
    }

    private (Pty Terminal, Leader Leader, string? Notice, string Place) EnterAs(OpenRequest request, WindowSize size, Func<bool> isGivenUp)
    {
        Target target = Find(request.Target!);
        EnteredProgram program = Entry.Start(target, new EntryOptions
        {
            Command = request.Command ?? [],
            User = request.User,
            WorkingDirectory = request.Directory,
            Environment = request.Environment,
            Inherited = request.Term is { } term ? new Dictionary<string, string> { ["TERM"] = term } : [],
            Size = size,
        }, isGivenUp);
        return (program.Terminal!, program.Leader, program.Notice, Readable.Of(target.FullName));
    }

    /// <summary>The one that a client means. Of what runs and is not for it the client hears nothing, in no more time than of what is not there; the router's log has the cause.</summary>
    private Target Find(string name)
    {
        List<Target> hidden = [];
        try
        {
            return Host.Local.Find(name, IsShown);
        }
        catch (TargetException refused) when (hidden.Count > 0 && Host.Meant(name, hidden) is { Count: > 0 } meant)
        {
            throw new TargetException(refused.Message, new TargetException($"{string.Join(", ", Host.Choices(meant))} runs, but is not among attach-targets"));
        }

        bool IsShown(Target target)
        {
            if (IsAllowed(target)) return true;
            hidden.Add(target);
            return false;
        }
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
