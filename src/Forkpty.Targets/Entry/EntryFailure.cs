using System.Globalization;
using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>What the helper reported, as a sentence for the person who attaches.</summary>
internal static class EntryFailure
{
    private const string Root = "; it takes root, or the user who made the target's user namespace";
    private const string OwnScope = "; systemd-run --user --scope fpty attach begins in a group of yours, from which it may be";
    private const string Unmatched = "; --privileged goes in without";

    /// <summary>The limits by the numbers of getrlimit(2), as prlimit(1) calls them.</summary>
    private static readonly string[] Limits = ["cpu", "fsize", "data", "stack", "core", "rss", "nproc", "nofile", "memlock", "as", "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime"];

    public static EntryException From(EntryHelper.Report report, EntryRequest request, EntryOptions options, TargetProcess target)
    {
        // Constants and one replacement each: interpolated, these few sentences would be 8 KB of code.
        int which = report.Which;
        int? most = report.Failed switch { EntryStep.WriteFile => request.Writes.Count / 2, EntryStep.Namespace => TargetNamespace.Names.Length, EntryStep.Limit => Limits.Length, _ => null };
        if ((uint)which >= most)
            return new EntryException(EntryHelper.Meddled);
        string sentence = Sentence(report, request, options)
            .Replace("PROCESS", target.Name, StringComparison.Ordinal)
            .Replace("ERROR", KernelException.Describe(report.Errno), StringComparison.Ordinal)
            .Replace("WHICH", ((uint)which).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("USER", request.Uid.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        if (report.Failed == EntryStep.Namespace)
            sentence = sentence.Replace("KIND", TargetNamespace.Names[which], StringComparison.Ordinal);
        if (report.Failed == EntryStep.Limit)
            sentence = sentence.Replace("KIND", Limits[which], StringComparison.Ordinal);
        if (report.Failed == EntryStep.ControlGroup)
            sentence = sentence.Replace("GROUP", request.ControlGroup, StringComparison.Ordinal);
        if (report.Failed == EntryStep.WriteFile)
            sentence = sentence.Replace("TEXT", request.Writes[(2 * which) + 1], StringComparison.Ordinal).Replace("FILE", request.Writes[2 * which], StringComparison.Ordinal);
        if (report.Failed is EntryStep.Directory or EntryStep.Execute)
            sentence = sentence.Replace("DIRECTORY", request.Directory, StringComparison.Ordinal).Replace("COMMAND", request.Arguments[0], StringComparison.Ordinal);
        return new EntryException(sentence, Reason(report, options), report.Errno);
    }

    private static string Sentence(EntryHelper.Report report, EntryRequest request, EntryOptions options) => report.Failed switch
    {
        EntryStep.SeccompRead =>
            $"PROCESS has a seccomp filter, which cannot be copied: ERROR; that takes CAP_SYS_ADMIN, no filter of our own, and that nobody traces the process{Unmatched}",
        EntryStep.SeccompNotify => $"PROCESS has a seccomp filter whose system calls another process answers, and a copy of it would have none to answer{Unmatched}",
        EntryStep.ControlGroup => $"the control group GROUP of PROCESS cannot be joined: ERROR{(Libc.geteuid() == 0 ? "" : OwnScope)}{Unmatched}",
        EntryStep.WriteFile => $"writing TEXT to FILE, as PROCESS has it: ERROR{Unmatched}",
        EntryStep.Limit => $"the limit KIND of PROCESS cannot be taken over: setrlimit: ERROR{Unmatched}",
        EntryStep.Alive => "PROCESS has ended",
        EntryStep.SetNamespaces when report.Errno == (int)Errno.ESRCH => "PROCESS has ended",
        EntryStep.SetNamespaces => $"setns to the namespaces of PROCESS: ERROR{Root}",
        EntryStep.Namespace => "PROCESS is in another KIND namespace by now; nothing was started",
        EntryStep.Root => $"chroot to the root of PROCESS: ERROR{Root}",
        EntryStep.Clone when report.Errno == (int)Errno.EAGAIN => "clone as user USER: ERROR; the limit on processes is reached, that of this user, as PROCESS has it, or that of its control group",
        EntryStep.Clone => "clone in the pid namespace of PROCESS: ERROR; one whose first process has ended takes no other",
        EntryStep.Bounding => $"capability WHICH, which PROCESS does not have, cannot be given up: ERROR{Unmatched}",
        EntryStep.Groups => $"setgroups to the groups of user USER: ERROR{Root}",
        EntryStep.Gid => $"setresgid(WHICH): ERROR{Root}",
        EntryStep.Uid => $"setresuid(WHICH): ERROR{Root}",
        EntryStep.Capabilities => $"the capabilities of PROCESS cannot be had: ERROR{Unmatched}",
        EntryStep.Terminal when report is { Which: 0, Errno: (int)Errno.EPERM } => "another process of the target has made the program's terminal its own, as it was quicker to; nothing was started",
        EntryStep.Terminal => "the program's descriptors 0 to 2 cannot be made under the limits of PROCESS: ERROR",
        EntryStep.Directory when report.Errno == (int)Errno.EXDEV => "the directory DIRECTORY cannot be entered: it is outside of the root of PROCESS",
        EntryStep.Directory => "the directory DIRECTORY cannot be entered by user USER in the target: ERROR",
        EntryStep.Privileges when report.Which == 1 => "the program cannot have a keyring of its own, and must not have yours: ERROR"
            + (report.Errno == (int)Errno.EDQUOT ? "; processes of your user, maybe those of the target, use up all the keys that it may have (/proc/key-users)" : ""),
        EntryStep.Privileges when report.Which == 2 => $"the personality of PROCESS cannot be taken on: ERROR; a filter of ours forbids it{Unmatched}",
        EntryStep.Seccomp => $"seccomp filter WHICH of PROCESS cannot be installed after those before it: ERROR; one of them forbids that, or it takes CAP_SYS_ADMIN{Unmatched}",
        EntryStep.Execute when options.Toolbox => "the toolbox cannot be executed in the target: ERROR",
        EntryStep.Execute when options.Command.Count > 0 => IsMissing(report) ? "the target has no COMMAND, or not what it needs to run; --toolbox brings a busybox" : "exec of COMMAND in the target: ERROR",
        EntryStep.Execute when IsMissing(report) => "the target has no shell: " + string.Join(", ", request.Files) + " are not there; --toolbox brings one, or give a program of the target after --",
        EntryStep.Execute => "exec of the target's shell COMMAND: ERROR; give a program after --, or --toolbox",
        _ => "the way into PROCESS: ERROR",
    };

    private static string Reason(EntryHelper.Report report, EntryOptions options) => report.Failed switch
    {
        EntryStep.ControlGroup or EntryStep.SeccompRead or EntryStep.SeccompNotify or EntryStep.WriteFile or EntryStep.Limit or EntryStep.Bounding or EntryStep.Seccomp => "confinement",
        EntryStep.Clone when report.Errno == (int)Errno.EAGAIN => "refused",
        EntryStep.Alive or EntryStep.Namespace or EntryStep.Clone => "gone",
        EntryStep.SetNamespaces => report.Errno == (int)Errno.ESRCH ? "gone" : "permission",
        EntryStep.Root or EntryStep.Groups or EntryStep.Gid or EntryStep.Uid => "permission",
        EntryStep.Execute when !options.Toolbox => options.Command.Count > 0 ? "no-command" : "no-shell",
        _ => "refused",
    };

    private static bool IsMissing(EntryHelper.Report report) => report.Errno is (int)Errno.ENOENT or (int)Errno.ENOTDIR;
}
