using Forkpty.Interop;

namespace Forkpty.Jail;

/// <summary>
/// The way into the jail, in uWSGI's order: exec-pre-jail, namespaces, exec-post-jail, chroot, exec-as-root, groups and user, exec-as-user, chdir;
/// then fpty starts itself once more, so that every thread of the router is inside.
/// </summary>
internal static class Confinement
{
    private const Namespaces BornIn = Namespaces.User | Namespaces.Pid;

    /// <summary>True where the router cannot just start in this process: something is asked for, or we are the first process of a container.</summary>
    public static bool IsNeeded(JailOptions options) => !options.IsEmpty || Libc.getpid() == 1;

    /// <summary>The first stage, on the host: sockets are bound, logs are open. Goes on in <see cref="Enter"/>, here or in a child. Returns only by an exception.</summary>
    /// <exception cref="JailException">Something failed, in a sentence.</exception>
    public static void Begin(JailOptions options, Handover handover)
    {
        if (options.Umask is uint mask)
            _ = Libc.umask(mask);
        if (options.MaxFd is ulong max)
            SetMaxFd(max);
        Run(options.ExecPreJail, options);

        Namespaces born = options.Unshare & BornIn;
        if (born == Namespaces.None && Libc.getpid() != 1)
            Enter(options, handover);
        UserMap? map = (born & Namespaces.User) == 0 ? null : UserMap.For(KnownIdentity(options));
        Supervisor.Become(handover, options.ProcessName, born, map);
    }

    /// <summary>The second stage, for the verb <see cref="Stage.Confine"/>: everything that does not need a new process. Returns only by an exception.</summary>
    /// <exception cref="JailException">Something failed, in a sentence.</exception>
    public static void Enter(JailOptions options, Handover handover)
    {
        Accounts outside = Accounts.Read();
        Unshare(options.Unshare & ~BornIn);
        if (options.Unshare != Namespaces.None)
            Run(options.ExecPostJail, options);
        if (options.Chroot is { } root)
            ChangeRoot(root);
        if (options.ExecAsRoot.Count > 0 && Libc.geteuid() != 0)
            throw new JailException($"{options.ExecAsRoot[0]}: fpty does not run as root; start it as root, or add user to unshare");
        Run(options.ExecAsRoot, options);
        if (options.ChangesIdentity)
            Identity.Resolve(options, Accounts.Read(), outside).Assume();
        Run(options.ExecAsUser, options);
        if (options.Chdir is { } directory)
            Check(Libc.chdir(directory), $"chdir = {directory}", "chdir");
        handover.Exec(Stage.Serve, [], options.ProcessName, Handover.ProcessEnvironment(options.Environment));
    }

    /// <summary>The last stage, for the verb <see cref="Stage.Serve"/>: every thread is inside; the router may start.</summary>
    public static void Arrive(JailOptions options)
    {
        if (options.ProcessName is { } name)
            _ = Libc.set_name(name);
        // Set again: the change of the user cleared it. A router that has lost its supervisor would be deaf to whoever runs it.
        if ((options.Unshare & BornIn) != 0)
            _ = Libc.set_parent_death_signal(Libc.SIGTERM);
    }

    private static void Unshare(Namespaces wanted)
    {
        if (wanted == Namespaces.None)
            return;
        Check(Libc.unshare((int)wanted), $"unshare = {NamespaceNames.Describe(wanted)}", "unshare");

        // Without this a mount of a hook would show on the host: systemd makes / shared. To see its own processes in a pid namespace the jail
        // mounts /proc itself, as with uWSGI: exec-as-root = mount -t proc proc /proc
        if ((wanted & Namespaces.Mount) != 0)
            Check(Libc.mount_propagation("/", Libc.MS_REC | Libc.MS_PRIVATE), "unshare = fs", "mount(MS_REC|MS_PRIVATE) on /");
    }

    private static void ChangeRoot(string root)
    {
        Check(Libc.chroot(root), $"chroot = {root}", "chroot");
        // uWSGI leaves this out: a working directory outside of the new root is a way out.
        Check(Libc.chdir("/"), $"chroot = {root}", "chdir on /");
    }

    private static void SetMaxFd(ulong max)
    {
        Check(Libc.getrlimit(0, Libc.RLIMIT_NOFILE, out Libc.rlimit limit), $"max-fd = {max}", "getrlimit(RLIMIT_NOFILE)");
        limit.rlim_max = Math.Max(limit.rlim_max, max);
        limit.rlim_cur = max;
        Check(Libc.setrlimit(0, Libc.RLIMIT_NOFILE, limit), $"max-fd = {max}", "setrlimit(RLIMIT_NOFILE)");
    }

    private static void Run(IReadOnlyList<Hook> hooks, JailOptions options)
    {
        if (hooks.Count == 0)
            return;
        IReadOnlyList<string> environment = Handover.ProcessEnvironment(options.Environment);
        foreach (Hook hook in hooks)
        {
            int status = Spawn.Shell(hook.Command, environment);
            if (status == 0)
                continue;
            string how = status < 0 ? $"could not be started: posix_spawn on /bin/sh: {KernelException.Describe(status)}"
                : (status & 0x7f) != 0 ? $"was ended by signal {status & 0x7f}"
                : $"ended with status {(status >> 8) & 0xff}";
            throw new JailException($"{hook}: the command {how}, so fpty does not start");
        }
    }

    /// <summary>The identity as far as it is known before the jail exists: a hook may yet create the user, which then has no id in the namespace.</summary>
    private static Identity? KnownIdentity(JailOptions options)
    {
        Accounts accounts = Accounts.Read();
        return options.ChangesIdentity ? Identity.Resolve(options, accounts, accounts) : null;
    }

    private static void Check(int result, string option, string call)
    {
        if (result >= 0)
            return;
        string advice = (Errno)(-result) switch
        {
            Errno.ENOENT or Errno.ENOTDIR => ": create the directory, or give another",
            Errno.EPERM => ": start fpty as root, or add user to unshare",
            Errno.ENOSPC or Errno.EUSERS => ": the kernel allows no further namespaces; see /proc/sys/user",
            _ => "",
        };
        throw new JailException($"{option}: {call}: {KernelException.Describe(result)}{advice}");
    }
}
