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

    /// <summary>podman run --rootfs.</summary>
    Podman,
}
