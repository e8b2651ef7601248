namespace Forkpty.Targets;

/// <summary>What holds a process that a person can attach to; each is a prefix of a target's name: <c>podman:web-1</c>.</summary>
public enum TargetKind
{
    /// <summary>A process by its number.</summary>
    Process,

    /// <summary>A container of Docker.</summary>
    Docker,

    /// <summary>A container of Podman.</summary>
    Podman,

    /// <summary>A container of LXC.</summary>
    Lxc,

    /// <summary>An instance of Incus or LXD.</summary>
    Incus,

    /// <summary>A machine of systemd-nspawn.</summary>
    Machine,

    /// <summary>A container of a pod of Kubernetes.</summary>
    Kubernetes,

    /// <summary>A container of runc, by itself.</summary>
    Runc,

    /// <summary>A container of crun, by itself.</summary>
    Crun,

    /// <summary>A unit of systemd.</summary>
    Systemd,

    /// <summary>The jail of a forkpty router.</summary>
    Jail,
}
