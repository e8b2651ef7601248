namespace Forkpty.EndToEnd.Attach;

/// <summary>How a target of a test is made.</summary>
public enum TargetKind
{
    /// <summary>unshare(1) with all namespaces but the user's.</summary>
    Unshare,

    /// <summary>unshare(1) with a user namespace whose root is our root.</summary>
    Mapped,

    /// <summary>unshare(1) with a user namespace whose ids are ours from 100000 on.</summary>
    Shifted,

    /// <summary>bubblewrap, with a user namespace of one id.</summary>
    Bubblewrap,

    /// <summary>runc run: few capabilities, NoNewPrivs, a seccomp filter, user 1000.</summary>
    Runc,

    /// <summary>The same of crun, in a control group of version 2.</summary>
    Crun,

    /// <summary>podman run --rootfs.</summary>
    Podman,

    /// <summary>lxc-start, with the seccomp filter that LXC comes with.</summary>
    Lxc,

    /// <summary>The same with users that are ours from 100000 on, as an unprivileged one has them.</summary>
    ShiftedLxc,

    /// <summary>systemd-nspawn, whose seccomp filters are several.</summary>
    Machine,

    /// <summary>The same with users that are ours from 1048576 on.</summary>
    ShiftedMachine,

    /// <summary>A service as systemd starts one: user 1000, mounts of its own, two seccomp filters, a control group of its name. Where systemd does not run it is laid out as there.</summary>
    Unit,

    /// <summary>A router of fpty in namespaces and a root of its own, as user 1000.</summary>
    Jail,
}
