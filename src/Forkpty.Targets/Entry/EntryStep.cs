namespace Forkpty.Targets;

/// <summary>What the helper was about when it failed; the same numbers as in enter.c.</summary>
internal enum EntryStep
{
    Started,
    Receive,
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
