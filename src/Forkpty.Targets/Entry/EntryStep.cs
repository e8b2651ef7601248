namespace Forkpty.Targets;

/// <summary>What the helper was about when it failed; the same numbers as in enter.c. <see cref="Started"/> and <see cref="Succeeded"/> are no failures.</summary>
internal enum EntryStep
{
    Started,
    Succeeded,
    Receive,
    ControlGroup,
    SeccompRead,
    SeccompNotify,
    WriteFile,
    Limit,
    Alive,
    SetNamespaces,
    Namespace,
    Root,
    Clone,
    Terminal,
    Bounding,
    Groups,
    Gid,
    Uid,
    Capabilities,
    Directory,
    Privileges,
    Seccomp,
    Execute,
}
