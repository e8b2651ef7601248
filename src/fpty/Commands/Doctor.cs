using System.Text;
using Forkpty.Options;
using Forkpty.Targets;

namespace Forkpty.Commands;

/// <summary><c>fpty doctor TARGET [--toolbox] [--json]</c>: every precondition of an attach, and what to do about one that is not met.</summary>
internal static class Doctor
{
    /// <returns>0 where the target can be attached to, 1 where it cannot, or there is none.</returns>
    public static int Run(CommandLine line)
    {
        Target target;
        try
        {
            target = Host.Local.Find(line.Arguments[0]);
        }
        catch (TargetException none)
        {
            string word = line.Arguments[0];
            Screen.WriteError($"fpty: {(Attach.IsSession(line.Configuration, word) ? $"{word} is a session, which fpty attach {word} needs nothing for; doctor looks at targets" : none.Message)}\n");
            return ExitStatus.Failed;
        }

        bool toolbox = line.Configuration.Flag(OptionTable.Toolbox);
        List<Finding> findings = new Examination(Host.Local, target, toolbox).All();
        bool isWell = !findings.Exists(finding => finding.Severity == Severity.Obstacle);
        Screen.Write(line.Configuration.Flag(OptionTable.Json) ? Json(findings) : Text(target, findings, isWell, toolbox));
        return isWell ? ExitStatus.Fine : ExitStatus.Failed;
    }

    private static string Text(Target target, List<Finding> findings, bool isWell, bool toolbox)
    {
        int longest = 0;
        foreach (Finding finding in findings)
            longest = Math.Max(longest, finding.Subject.Length);

        string name = Readable.Of(target.FullName);
        var text = new StringBuilder();
        foreach (Finding finding in findings)
        {
            text.Append(Word(finding.Severity).PadRight(6)).Append(finding.Subject.PadRight(longest + 2)).Append(finding.Text).Append('\n');
            if (finding.Remedy is not null)
                text.Append(' ', longest + 8).Append("→ ").Append(finding.Remedy).Append('\n');
        }

        return text.Append(isWell ? $"{name} can be attached to: fpty attach {name}{(toolbox ? " --toolbox" : "")}\n" : $"{name} cannot be attached to as it is.\n").ToString();
    }

    private static string Json(List<Finding> findings) => JsonArray.Of(findings.ConvertAll(finding => JsonArray.Object(json =>
    {
        json.WriteString("subject", finding.Subject);
        json.WriteString("severity", Word(finding.Severity));
        json.WriteString("text", finding.Text);
        json.WriteString("remedy", finding.Remedy);
    })));

    private static string Word(Severity severity) => severity switch
    {
        Severity.Fine => "ok",
        Severity.Note => "note",
        _ => "no",
    };
}
