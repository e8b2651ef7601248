using System.Globalization;

namespace Forkpty.Targets;

/// <summary>
/// Whether a target can be attached to, and if not, why and what to do. It looks from outside only: nothing inside can answer for it, or keep it waiting,
/// but for the search of the shell at the end of <see cref="All"/>, which goes through the target's own file systems.
/// </summary>
internal sealed partial class Examination
{
    private readonly Host _host;
    private readonly Target _target;
    private readonly Caller _caller;
    private readonly string _status;
    private readonly bool _toolbox;

    /// <param name="host">Where the target is.</param>
    /// <param name="target">The target.</param>
    /// <param name="toolbox">Whether the attach would bring a shell.</param>
    public Examination(Host host, Target target, bool toolbox = false)
    {
        _host = host;
        _target = target;
        _caller = host.Caller;
        _status = host.Processes.Status(target.ProcessId);
        _toolbox = toolbox;
    }

    private HostProcesses Processes => _host.Processes;

    private int Pid => _target.ProcessId;

    /// <summary>The first obstacle that a cheap look finds, some 10 small files of /proc; null where attaching should work.</summary>
    public Finding? Obstacle()
    {
        foreach (Finding finding in Cheap())
        {
            if (finding.Severity == Severity.Obstacle)
                return finding;
        }

        return null;
    }

    /// <summary>Every precondition, in the order in which an attach meets them. After the first that makes all others meaningless there are none.</summary>
    public List<Finding> All()
    {
        List<Finding> findings = Cheap();
        if (findings.Exists(finding => finding is { Severity: Severity.Obstacle, Subject: "process" or "permission" }))
            return findings;
        findings.AddRange([Label(), ControlGroup(), Terminals(), _toolbox ? BroughtShell() : Shell()]);
        return findings;
    }

    private List<Finding> Cheap()
    {
        List<Finding> findings = [Process()];
        if (findings[0].Severity == Severity.Obstacle) return findings;
        if (Processes.IsFrozen(Pid))
            findings.Add(new Finding("freezer", Severity.Obstacle, "it is paused: whatever enters its control group stands still too", $"let it go on, as with {Command("unpause")}"));
        findings.Add(Permission());
        if (findings[^1].Severity == Severity.Obstacle) return findings;
        findings.Add(UserNamespace());
        findings.Add(Filter());
        if (HostProcesses.Field(_status, "NoNewPrivs") == "1")
            findings.Add(new Finding("no new privileges", Severity.Note, "set, and it will be set for the new program too: su and sudo give nothing there", "--user chooses the user from outside"));
        if (Processes.Limit(Pid) is { } limit)
            findings.Add(new Finding("processes", Severity.Obstacle, limit, "end some, or raise the limit of its control group"));
        return findings;
    }

    private Finding Process()
    {
        ProcessStat? now = Processes.Find(Pid);
        if (now is not { } process)
            return Ended("has ended");
        if (process.Start != _target.StartTime)
            return Ended("has ended, and its number is another process's by now");
        if (!process.IsAlive)
            return Ended("has ended, and its parent has not taken note of it yet (a zombie)");
        if (HostProcesses.Field(_status, "Tgid") is { } whole && whole != Number)
            return new Finding("process", Severity.Obstacle, $"{Number} is a thread of process {whole}, and no process of its own", $"fpty attach pid:{whole}");
        if (HostProcesses.Field(_status, "VmSize") is null && _status.Length > 0)
            return new Finding("process", Severity.Obstacle, $"process {Number} is a thread of the kernel, which is nowhere to be entered", "choose another process");
        if (Processes.IsBeingMade(Pid))
            return new Finding("process", Severity.Obstacle, "its container is made but not started yet", $"start it, as with {Command("start")}");
        return new Finding("process", Severity.Fine, $"process {Number}{(_target.IsNamedByAnother ? $" of user {_target.Owner}, who has named it so," : "")} runs: {Readable.Of(_target.Command.Length > 0 ? _target.Command : _host.CommandOf(_target), 60)}");
    }

    private Finding Ended(string how) => new("process", Severity.Obstacle, $"process {Number} {how}", "fpty ps lists what runs");

    /// <summary>The kernel's own answer: it shows the namespaces of a process to who might trace it.</summary>
    private Finding Permission()
    {
        if (Processes.Namespace(Pid, "mnt") is null)
        {
            string whose = HostProcesses.Field(_status, "Uid")?.Split('\t')[0] ?? "another";
            return _caller.Has(Caller.SysPtrace)
                ? new Finding("permission", Severity.Obstacle, "its namespaces are hidden from you, though you have CAP_SYS_PTRACE: it is outside of your user namespace, or a security module forbids it", "run fpty on the host, outside of any container")
                : new Finding("permission", Severity.Obstacle, $"the process is of user {whose}, and you are user {_caller.UserId} without the right to trace it (CAP_SYS_PTRACE)", With("SYS_PTRACE"));
        }

        List<string> apart = Apart();
        if (apart.Count == 0)
            return new Finding("permission", Severity.Note, "it shares every namespace with you: the new program is beside it, not inside of anything");
        if (_caller.Has(Caller.SysAdmin))
            return new Finding("permission", Severity.Fine, $"you may enter its namespaces: {string.Join(", ", apart)}");
        if (apart.Contains("user") && Processes.BelongsTo(Pid, _caller.UserId))
            return new Finding("permission", Severity.Fine, $"its user namespace is yours, and with it: {string.Join(", ", apart)}");
        return new Finding("permission", Severity.Obstacle, $"its namespaces ({string.Join(", ", apart)}) can be entered with CAP_SYS_ADMIN only, which you do not have", With("SYS_ADMIN"));
    }

    /// <summary>The way to a capability: root has it already, or can get it from outside only.</summary>
    private string With(string capability) => _caller.UserId != 0 ? $"sudo fpty attach {Name}" : $"run fpty where CAP_{capability} is held: on the host, or in a container started with --cap-add {capability}";

    private List<string> Apart()
    {
        var apart = new List<string>();
        foreach (string kind in TargetNamespace.Names)
        {
            if (Processes.Namespace(Pid, kind) is { } there && there != Processes.Own(kind))
                apart.Add(kind);
        }

        return apart;
    }

    private Finding UserNamespace()
    {
        if (Processes.Namespace(Pid, "user") == Processes.Own("user"))
            return new Finding("user namespace", Severity.Fine, "none of its own: its users are yours");
        string[] lines = (Processes.Text(Pid, "uid_map") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
            return new Finding("user namespace", Severity.Obstacle, "it has a user namespace of its own, in which no user exists (uid_map is empty)", "have whoever made it write /proc/PID/uid_map");
        foreach (string line in lines)
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["0", var outside, ..])
                return new Finding("user namespace", Severity.Fine, $"its root is your user {outside}");
        }

        return new Finding("user namespace", Severity.Note, "it has no root: the new program is the user that its first process is");
    }

    private Finding Filter()
    {
        string mode = HostProcesses.Field(_status, "Seccomp") ?? "0";
        string scope = (_host.Files.Text("/proc/sys/kernel/yama/ptrace_scope", 16) ?? "0").Trim();
        const string without = "attach with --privileged, which goes without the filter and says so";
        return mode switch
        {
            "0" => new Finding("seccomp", Severity.Fine, "no filter is on it"),
            "1" => new Finding("seccomp", Severity.Obstacle, "it is in strict mode, in which no program can start", without),
            _ when !_caller.Has(Caller.SysAdmin) && SeccompFile.Find(_host.Files, _target, Filters) is not null => new Finding("seccomp", Severity.Fine, "the new program will have the filter that crun keeps for it"),
            _ when !_caller.Has(Caller.SysAdmin) => new Finding("seccomp", Severity.Obstacle, "its filter can be copied with CAP_SYS_ADMIN of the host only", $"{With("SYS_ADMIN")}; or {without}"),
            _ when _caller.Filtered => new Finding("seccomp", Severity.Obstacle, "its filter cannot be copied by who has one himself, as you have", $"run fpty outside of your container; or {without}"),
            _ when scope == "3" => new Finding("seccomp", Severity.Obstacle, "its filter cannot be copied, because kernel.yama.ptrace_scope is 3: nobody may trace", $"only a reboot sets it back; {without}"),
            _ when scope == "2" && !_caller.Has(Caller.SysPtrace) => new Finding("seccomp", Severity.Obstacle, "its filter cannot be copied without CAP_SYS_PTRACE while kernel.yama.ptrace_scope is 2", without),
            _ when HostProcesses.Field(_status, "TracerPid") is not (null or "0" or "") and var tracer => new Finding("seccomp", Severity.Obstacle, $"its filter cannot be copied while process {tracer} traces it", $"end the debugger or strace; or {without}"),
            _ => new Finding("seccomp", Severity.Fine, "its filter will be copied to the new program; if another process answers its system calls, none can be, which only the attach can tell"),
        };
    }

    private int Filters => int.TryParse(HostProcesses.Field(_status, "Seccomp_filters"), NumberStyles.None, CultureInfo.InvariantCulture, out int filters) ? filters : 0;

    private string Number => TargetName.Number(Pid);

    private string Name => Readable.Of(_target.FullName);

    /// <summary>The runtime's own command for the same container.</summary>
    private string Command(string verb) => (_target.Kind, verb) switch
    {
        (TargetKind.Docker or TargetKind.Podman, _) => $"{TargetName.Prefix(_target.Kind)} {verb} {Readable.Of(_target.Name)}",
        (TargetKind.Runc or TargetKind.Crun, "unpause") => $"{TargetName.Prefix(_target.Kind)} resume {Readable.Of(_target.Name)}",
        (TargetKind.Runc or TargetKind.Crun, _) => $"{TargetName.Prefix(_target.Kind)} {verb} {Readable.Of(_target.Name)}",
        (TargetKind.Lxc, "unpause") => $"lxc-unfreeze {Readable.Of(_target.Name)}",
        (TargetKind.Incus, "unpause") => $"incus resume {Readable.Of(_target.Name)}",
        (TargetKind.Systemd, "unpause") => $"systemctl thaw {Readable.Of(_target.Name)}",
        _ => "its runtime",
    };
}
