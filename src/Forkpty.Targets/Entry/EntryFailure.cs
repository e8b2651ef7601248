using System.Globalization;
using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>What the helper reported, as a sentence for the person who attaches.</summary>
internal static class EntryFailure
{
    private const string Root = "; it takes root, or the user who made the target's user namespace";
    private const string Unmatched = "; --privileged goes in without";

    public static EntryException From(EntryHelper.Report report, EntryRequest request, EntryOptions options, TargetProcess target)
    {
        string process = $"process {target.Target.ProcessId}";
        string error = KernelException.Describe(report.Errno);
        string number = report.Which.ToString(CultureInfo.InvariantCulture);
        (string sentence, string reason) = report.Failed switch
        {
            EntryStep.SeccompRead => ($"{process} has a seccomp filter, which cannot be copied: {error}; that takes CAP_SYS_ADMIN, no filter of our own, and that nobody traces the process{Unmatched}", "confinement"),
            EntryStep.SeccompNotify => ($"{process} has a seccomp filter whose system calls another process answers, so that a copy would have none to answer{Unmatched}", "confinement"),
            EntryStep.WriteFile => ($"writing {request.Writes[(2 * report.Which) + 1]} to {request.Writes[2 * report.Which]}, as {process} has it: {error}{Unmatched}", "confinement"),
            EntryStep.Limit => ($"limit {number} of {process} cannot be taken over: setrlimit: {error}{Unmatched}", "confinement"),
            EntryStep.Alive => ($"{process} has ended", "gone"),
            EntryStep.SetNamespaces when report.Errno == (int)Errno.ESRCH => ($"{process} has ended", "gone"),
            EntryStep.SetNamespaces => ($"setns on {process}: {error}{(report.Errno == (int)Errno.EPERM ? Root : "")}", "permission"),
            EntryStep.Namespace => ($"{process} is in another {TargetNamespace.Names[report.Which]} namespace by now; nothing was started", "gone"),
            EntryStep.Root => ($"chroot to the root of {process}: {error}{Root}", "permission"),
            EntryStep.Clone when report.Errno == (int)Errno.ENOMEM => ($"the target's pid namespace has ended with its first process", "gone"),
            EntryStep.Clone => ($"clone in the target: {error}", "refused"),
            EntryStep.Bounding => ($"capability {number}, which {process} does not have, cannot be given up: {error}{Unmatched}", "confinement"),
            EntryStep.Groups => ($"setgroups to the groups of user {request.Uid}: {error}{Root}", "permission"),
            EntryStep.Gid => ($"setresgid({request.Gid}): {error}{Root}", "permission"),
            EntryStep.Uid => ($"setresuid({request.Uid}): {error}{Root}", "permission"),
            EntryStep.Directory => ($"the directory {request.Directory} cannot be entered by user {request.Uid} in the target: {error}", "refused"),
            EntryStep.Seccomp => ($"seccomp filter {number} of {process} cannot be installed: {error}{Unmatched}", "confinement"),
            EntryStep.Execute => Execute(report, request, options, error),
            _ => ($"step {report.Failed} of the way into {process}: {error}", "refused"),
        };
        return new EntryException(sentence, reason, report.Errno);
    }

    private static (string Sentence, string Reason) Execute(EntryHelper.Report report, EntryRequest request, EntryOptions options, string error)
    {
        bool missing = report.Errno is (int)Errno.ENOENT or (int)Errno.ENOTDIR;
        if (options.Toolbox)
            return ($"the toolbox cannot be executed in the target: {error}", "refused");
        if (options.Command.Count > 0)
            return (missing ? $"the target has no {options.Command[0]}, or not what it needs to run; --toolbox brings a busybox" : $"exec of {options.Command[0]} in the target: {error}", "no-command");
        return (missing ? $"the target has no shell: {string.Join(", ", request.Files)} are not there; --toolbox brings one, or give a program of the target after --"
            : $"exec of the shell {request.Files[0]} in the target: {error}; give a program after --, or --toolbox", "no-shell");
    }
}
