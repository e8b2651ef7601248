using System.Globalization;
using System.Text;
using Forkpty.Interop;
using Forkpty.Jail;
using Forkpty.Options;
using Forkpty.Upgrade;

namespace Forkpty.Serving;

/// <summary>
/// The router goes on as another executable in the same process: the one that is in the place of ours by now. It is tried out first, and whatever goes wrong before the exec leaves
/// everything as it was: no session notices.
/// </summary>
internal static class Upgrade
{
    /// <summary>The hidden verb that an executable is tried out with: it reads a configuration and says which form of a router's state it knows.</summary>
    public const string ProbeVerb = "__probe";

    /// <summary>The name under which the state goes through a <see cref="Handover"/>.</summary>
    public const string StateName = "state";

    /// <summary>How long an executable may take to answer, in milliseconds.</summary>
    private const int ProbeLimit = 5_000;

    private const string Deleted = " (deleted)";

    /// <summary>The answer of <see cref="ProbeVerb"/>.</summary>
    private static string Answer => string.Create(CultureInfo.InvariantCulture, $"fpty-state {StateWriter.Version}\n");

    /// <summary>Becomes the executable that is in the place of ours. On the thread that takes the <see cref="Signals"/>: those that come meanwhile wait for that one.</summary>
    /// <param name="router">The router.</param>
    /// <param name="configuration">What it serves by.</param>
    /// <param name="nameOf">The name under which a socket goes through a <see cref="Handover"/>.</param>
    /// <param name="notifier">The service manager.</param>
    /// <returns>Why it could not; everything is as it was.</returns>
    public static string Run(Router router, Configuration configuration, Func<BoundSocket, string> nameOf, Notifier? notifier)
    {
        try
        {
            string path = ExecutablePath();
            using var program = new SafeFd(KernelException.Check(Libc.open(path, Libc.O_PATH | Libc.O_CLOEXEC), "open", path));
            byte[] settings = configuration.ToBytes();
            TryOut(path, settings);
            if (!IsAt(path, program))
                throw new JailException($"{path} was replaced while it was tried out; try again");
            using Handover handover = Handover.Create(settings, program, FileLimit.OfPrograms ?? FileLimit.Current);
            foreach (BoundSocket socket in router.Sockets)
                handover.Keep(nameOf(socket), socket.Descriptor);
            notifier?.Keep(handover);
            using var state = new StateWriter();
            handover.Keep(StateName, state.File.Value);
            using Standstill standstill = router.StandStill(state);
            Exec(handover, state, JailSettings.From(configuration).ProcessName);
            return "fexecve returned"; // not reached
        }
        catch (Exception failure) when (failure is KernelException or JailException or TimeoutException or ArgumentException)
        {
            return failure is KernelException { Errno: (int)Errno.EFBIG }
                ? failure.Message + "; the router may write no file as large as its state (ulimit -f, LimitFSIZE=), which prlimit --fsize can change while it runs"
                : failure.Message;
        }
    }

    /// <summary>The verb, in an executable that is tried out: the configuration is on standard input.</summary>
    public static int Probe()
    {
        using var configuration = new MemoryStream();
        byte[] buffer = new byte[4096];
        for (nint count; (count = Libc.read(0, buffer)) > 0;)
            configuration.Write(buffer, 0, (int)count);
        configuration.Position = 0;
        _ = RouterSettings.From(Configuration.ReadFrom(configuration), binds: false);
        _ = Libc.write(1, Encoding.ASCII.GetBytes(Answer));
        return 0;
    }

    private static void Exec(Handover handover, StateWriter state, string? processName)
    {
        try
        {
            foreach (int descriptor in state.Descriptors)
                _ = Libc.fcntl(descriptor, Libc.F_SETFD, 0);
            handover.Exec(Stage.Serve, [], processName);
        }
        finally
        {
            foreach (int descriptor in state.Descriptors)
                _ = Libc.fcntl(descriptor, Libc.F_SETFD, Libc.FD_CLOEXEC);
        }
    }

    /// <summary>Where our executable was when we started; by now another one may be there.</summary>
    private static string ExecutablePath()
    {
        string? path = new FileInfo("/proc/self/exe").LinkTarget ?? Libc.started_as();
        if (path?.EndsWith(Deleted, StringComparison.Ordinal) == true)
            path = path[..^Deleted.Length];
        return path?.StartsWith('/') == true && File.Exists(path)
            ? path
            : throw new JailException($"there is no executable at {path ?? "an unknown place"} as this process sees it; from inside a jail that has its own root nobody can put a new one in its place");
    }

    /// <summary>Whether a file is still what this name leads to.</summary>
    private static bool IsAt(string path, SafeFd file)
    {
        using var now = new SafeFd(Libc.open(path, Libc.O_PATH | Libc.O_CLOEXEC));
        return Libc.fstat(now.Value, out Libc.FileState there) == 0 && Libc.fstat(file.Value, out Libc.FileState here) == 0 && (there.Device, there.Inode) == (here.Device, here.Inode);
    }

    private static void TryOut(string path, byte[] settings)
    {
        using var plan = new SpawnPlan(new PtyCommand(path) { Arguments = [ProbeVerb], Environment = new Dictionary<string, string>() });
        using PipedProgram program = PipeSpawner.Start(plan);
        long deadline = Environment.TickCount64 + ProbeLimit;
        string? answer = Talk(program, settings, deadline);
        bool hasEnded = answer is not null && Wait(program.Leader.Pidfd, Libc.POLLIN, deadline);
        if (!hasEnded)
            _ = program.Leader.Signal(Libc.SIGKILL);
        _ = Wait(program.Leader.Pidfd, Libc.POLLIN, Environment.TickCount64 + ProbeLimit);
        ExitStatus? status = program.Leader.TryReap();
        if (answer == Answer && status?.Code == 0) return;
        byte[] complaint = new byte[500];
        int length = (int)Math.Max(0, Libc.read(program.Errors.Value, complaint));
        string reason = Encoding.UTF8.GetString(complaint, 0, length).Split('\n')[0];
        throw new JailException($"{path} was tried out and is not fit to go on: "
            + (!hasEnded ? $"it has not answered within {ProbeLimit / 1000} seconds"
            : answer?.StartsWith("fpty-state ", StringComparison.Ordinal) == true ? "it is of another version, that cannot read what this one would leave to it"
            : reason.Length > 0 ? reason
            : $"it ended with {status}"));
    }

    /// <returns>What it said; null where it took too long.</returns>
    private static string? Talk(PipedProgram program, byte[] settings, long deadline)
    {
        for (ReadOnlySpan<byte> left = settings; !left.IsEmpty;)
        {
            nint written = Libc.write(program.Input.Value, left);
            if (written == -(nint)Errno.EAGAIN && !Wait(program.Input, Libc.POLLOUT, deadline)) return null;
            if (written < 0 && written != -(nint)Errno.EAGAIN) break; // it does not listen
            left = left[(int)Math.Max(0, written)..];
        }

        program.Input.Dispose();
        byte[] answer = new byte[100];
        int length = 0;
        while (length < answer.Length)
        {
            if (!Wait(program.Output, Libc.POLLIN, deadline)) return null;
            nint count = Libc.read(program.Output.Value, answer.AsSpan(length));
            if (count == 0) break;
            length += (int)Math.Max(0, count);
        }

        return Encoding.UTF8.GetString(answer, 0, length);
    }

    private static bool Wait(SafeFd descriptor, short events, long deadline)
    {
        while (true)
        {
            int left = (int)Math.Clamp(deadline - Environment.TickCount64, 0, int.MaxValue);
            if (Libc.poll(descriptor.Value, events, left) > 0) return true;
            if (left == 0) return false;
        }
    }
}
