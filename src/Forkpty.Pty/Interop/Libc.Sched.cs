using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// sched.h, sys/mount.h
internal static unsafe partial class Libc
{
    public const int CLONE_NEWNS = 0x00020000;
    public const int CLONE_NEWCGROUP = 0x02000000;
    public const int CLONE_NEWUTS = 0x04000000;
    public const int CLONE_NEWIPC = 0x08000000;
    public const int CLONE_NEWUSER = 0x10000000;
    public const int CLONE_NEWPID = 0x20000000;
    public const int CLONE_NEWNET = 0x40000000;

    public const uint MS_REC = 0x4000;
    public const uint MS_PRIVATE = 1 << 18;

    private static readonly nint SYS_clone = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 56 : 220;

    /// <summary>
    /// Moves the calling thread, and nobody else, into new namespaces; unshare(2). What it execs afterwards is inside with every thread.
    /// CLONE_NEWUSER is refused (EINVAL) to a process with several threads, which every managed process is.
    /// </summary>
    public static int unshare(int flags) => Result(_unshare(flags));

    /// <summary>Changes how mounts below <paramref name="target"/> propagate; mount(2).</summary>
    public static int mount_propagation(string target, uint flags) => Result(_mount(null, target, null, flags, null));

    /// <summary>
    /// A child that is born in new namespaces (CLONE_NEWUSER, CLONE_NEWPID or none) and does nothing but wait at a gate and execute a file; clone(2), for container engines
    /// answer clone3(2) with ENOSYS, whose flags their filters cannot see.
    /// It is a copy of this process with one thread, of which the runtime knows nothing, so it must not allocate, take a lock or return into
    /// ordinary code: everything it needs is made before. The caller guarantees that nothing else runs in the runtime: no thread but the main one and
    /// the idle finalizer, no concurrent garbage collection.
    /// </summary>
    /// <param name="namespaces">CLONE_NEW* flags.</param>
    /// <param name="gate">A pipe: the child goes on once a byte comes, and ends where the pipe is closed instead. -1 for both: no gate.</param>
    /// <param name="file">A descriptor of the program.</param>
    /// <param name="arguments">Its arguments, the name first.</param>
    /// <param name="environment">Its environment.</param>
    /// <param name="mask">The signals that stay blocked in it, bit N-1 for signal N.</param>
    /// <returns>The child's pid, or minus errno.</returns>
    public static int clone_and_exec(int namespaces, (int Read, int Write) gate, int file, StringVector arguments, StringVector environment, ulong mask)
    {
        byte* set = stackalloc byte[sigset_size];
        SetMask(set, mask);
        byte** argv = arguments.Pointer;
        byte** envp = environment.Pointer;
        byte go = 0;

        nint pid = syscall4(SYS_clone, namespaces | SIGCHLD, 0, 0, 0); // no stack: it goes on with a copy of this one, as after fork(2)
        if (pid != 0)
            return (int)Result(pid);

        // The child. The supervisor's death ends it too; a change of credentials clears this, so the stages after it set it again.
        _ = _prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
        if (gate.Read >= 0)
        {
            _ = _close(gate.Write);
            if (_read(gate.Read, &go, 1) != 1)
                _exit(1);
            _ = _close(gate.Read);
        }
        _ = _pthread_sigmask(SIG_SETMASK, set, null);
        _ = _fexecve(file, argv, envp);
        _exit(127);
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int _unshare(int flags);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _mount(byte* source, string target, byte* type, nuint flags, void* data);
}
