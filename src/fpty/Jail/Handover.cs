using System.Globalization;
using System.Text;
using Forkpty.Interop;

namespace Forkpty.Jail;

/// <summary>
/// What one stage of the start leaves to the next across an exec: the resolved configuration, the descriptors that go on (bound sockets, logs) under
/// their names, and the descriptor limit we were started with. It travels in an unnamed file in memory: nothing of it is on a
/// command line, in an environment or on a disk.
/// </summary>
internal sealed class Handover : IDisposable
{
    private const uint Magic = 0x59545046;
    private const int MaxBytes = 16 << 20;
    private const int MaxDescriptors = 4096;

    private readonly byte[] _configuration;
    private readonly List<(string Name, int Fd)> _descriptors = [];
    private readonly SafeFd _program;
    private SafeFd? _file;

    private Handover(byte[] configuration, SafeFd program, FileLimit originalLimit)
    {
        _configuration = configuration;
        _program = program;
        OriginalLimit = originalLimit;
    }

    /// <summary>The configuration, in the caller's own bytes.</summary>
    public ReadOnlySpan<byte> Configuration => _configuration;

    /// <summary>The limit on descriptors from before the start: that of every session.</summary>
    public FileLimit OriginalLimit { get; }

    /// <summary>The descriptors that were kept, in order.</summary>
    public IReadOnlyList<(string Name, int Fd)> Descriptors => _descriptors;

    /// <summary>Begins a hand-over: takes hold of our own executable while a path to it exists.</summary>
    public static Handover Create(ReadOnlySpan<byte> configuration) => new(configuration.ToArray(), OpenProgram(), FileLimit.Current);

    /// <summary>Begins a hand-over to another executable.</summary>
    /// <param name="configuration">The resolved configuration.</param>
    /// <param name="program">The executable; the hand-over's from now on.</param>
    /// <param name="originalLimit">The limit on descriptors that sessions get.</param>
    public static Handover Create(ReadOnlySpan<byte> configuration, SafeFd program, FileLimit originalLimit) => new(configuration.ToArray(), program, originalLimit);

    /// <summary>Lets a descriptor go on to the next stages under a name. It stays close-on-exec until the very exec.</summary>
    public void Keep(string name, int fd) => _descriptors.Add((name, fd));

    /// <summary>Lets another descriptor go on in the place of the one that was kept under a name.</summary>
    public void Replace(string name, int fd) => _descriptors[_descriptors.FindIndex(kept => kept.Name == name)] = (name, fd);

    /// <summary>The descriptor of that name, the first one where there are several, or -1.</summary>
    public int Find(string name) => FindAll(name) is [int first, ..] ? first : -1;

    /// <summary>The descriptors of that name.</summary>
    public int[] FindAll(string name)
    {
        List<int> all = [];
        foreach ((string kept, int fd) in _descriptors)
        {
            if (kept == name)
                all.Add(fd);
        }

        return [.. all];
    }

    /// <summary>Reads what the stage before left. All its descriptors are close-on-exec again, so that no hook or session gets them.</summary>
    /// <exception cref="JailException"><paramref name="fd"/> is no hand-over.</exception>
    public static Handover Read(int fd)
    {
        using var file = new SafeFd(fd);
        try
        {
            using var reader = new BinaryReader(new MemoryStream(ReadAll(file)), Encoding.UTF8);
            if (reader.ReadUInt32() != Magic)
                throw new JailException($"descriptor {fd} holds no hand-over; this verb is for fpty itself");
            int program = reader.ReadInt32();
            var limit = new FileLimit(reader.ReadUInt64(), reader.ReadUInt64());
            byte[] configuration = reader.ReadBytes(reader.ReadInt32());
            var handover = new Handover(configuration, new SafeFd(program), limit);
            for (int left = Math.Min(reader.ReadInt32(), MaxDescriptors); left > 0; left--)
                handover.Keep(reader.ReadString(), reader.ReadInt32());
            handover.SetCloseOnExec(true);
            return handover;
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or FormatException)
        {
            throw new JailException($"descriptor {fd} holds no hand-over; this verb is for fpty itself");
        }
    }

    /// <summary>Becomes the next stage: the same executable with a hidden verb. Returns only by an exception.</summary>
    /// <param name="verb">The verb, one of <see cref="Stage"/>.</param>
    /// <param name="more">Arguments after the verb and the hand-over's descriptor.</param>
    /// <param name="processName">argv[0], what ps shows.</param>
    /// <param name="environment">The environment, or null for ours.</param>
    public void Exec(string verb, IEnumerable<string> more, string? processName, IReadOnlyList<string>? environment = null)
    {
        int file = Write();
        using var arguments = new StringVector([processName ?? Stage.DefaultName, verb, file.ToString(CultureInfo.InvariantCulture), .. more]);
        using var variables = new StringVector(environment ?? ProcessEnvironment());
        SetCloseOnExec(false);
        int error = Libc.fexecve(_program.Value, arguments, variables);
        SetCloseOnExec(true);
        string advice = (Errno)(-error) switch
        {
            Errno.ENOENT => "the root of the jail has no C library for it; copy one there, or use the static build, which needs none",
            Errno.EACCES => "the user of the jail must be allowed to execute it, and to reach the C library in the root of the jail",
            _ => "it was replaced or damaged since it started",
        };
        throw new JailException($"fpty cannot start itself again: fexecve on its own executable: {KernelException.Describe(error)}; {advice}");
    }

    /// <summary>
    /// Starts the next stage in a child that is born in new namespaces. A child in a new pid namespace is process 1 there, so it becomes a
    /// supervisor itself, with the signals still blocked; any other goes on with <see cref="Stage.Confine"/> and takes its signals.
    /// </summary>
    /// <param name="born">The namespaces of the child.</param>
    /// <param name="waits">True to let it wait at a gate until its ids are mapped.</param>
    /// <param name="blocked">The signals a supervisor has blocked.</param>
    /// <param name="gate">The gate, or -1 and -1.</param>
    /// <returns>The child's pid, or minus errno.</returns>
    public int Clone(Namespaces born, bool waits, ulong blocked, out (int Read, int Write) gate)
    {
        gate = (-1, -1);
        if (waits)
        {
            int result = Libc.pipe2(Libc.O_CLOEXEC, out int read, out int write);
            if (result < 0)
                return result;
            gate = (read, write);
        }
        bool first = (born & Namespaces.Pid) != 0;
        string file = Write().ToString(CultureInfo.InvariantCulture);
        using var arguments = new StringVector(first ? [Stage.DefaultName, Stage.Supervise, file, "0"] : [Stage.DefaultName, Stage.Confine, file]);
        using var variables = new StringVector(ProcessEnvironment());
        SetCloseOnExec(false);
        return Libc.clone_and_exec((int)born, gate, _program.Value, arguments, variables, first ? blocked : 0);
    }

    /// <summary>The environment of this process as NAME=VALUE, with <paramref name="additions"/> that replace what has the same name.</summary>
    public static IReadOnlyList<string> ProcessEnvironment(IReadOnlyList<string>? additions = null)
    {
        Dictionary<string, string> variables = OwnEnvironment.Read();
        foreach (string addition in additions ?? [])
        {
            int equals = addition.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                variables[addition[..equals]] = addition[(equals + 1)..];
        }
        var list = new List<string>(variables.Count);
        foreach ((string name, string value) in variables)
            list.Add($"{name}={value}");
        return list;
    }

    /// <summary>Lets go of the executable. The kept descriptors belong to the caller.</summary>
    public void Dispose()
    {
        _program.Dispose();
        _file?.Dispose();
    }

    private int Write()
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(_program.Value);
            writer.Write(OriginalLimit.Soft);
            writer.Write(OriginalLimit.Hard);
            writer.Write(_configuration.Length);
            writer.Write(_configuration);
            writer.Write(_descriptors.Count);
            foreach ((string name, int fd) in _descriptors)
            {
                writer.Write(name);
                writer.Write(fd);
            }
        }
        _file = MemoryFile.Create("fpty");
        MemoryFile.Write(_file, "fpty", bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        return _file.Value;
    }

    private static byte[] ReadAll(SafeFd file)
    {
        if (Libc.lseek(file.Value, 0, Libc.SEEK_SET) < 0)
            return [];
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        nint count;
        while (bytes.Length < MaxBytes && (count = Libc.read(file.Value, buffer)) > 0)
            bytes.Write(buffer, 0, (int)count);
        return bytes.ToArray();
    }

    private void SetCloseOnExec(bool on)
    {
        _ = Libc.fcntl(_program.Value, Libc.F_SETFD, on ? Libc.FD_CLOEXEC : 0);
        foreach ((_, int fd) in _descriptors)
            _ = Libc.fcntl(fd, Libc.F_SETFD, on ? Libc.FD_CLOEXEC : 0);
    }

    /// <summary>
    /// Our own executable, held open: after chroot(2) no path leads to it, and without /proc (an empty container) the kernel's
    /// note of what we were started as does.
    /// </summary>
    private static SafeFd OpenProgram()
    {
        int fd = Libc.open("/proc/self/exe", Libc.O_PATH | Libc.O_CLOEXEC);
        if (fd < 0 && Libc.started_as() is { } path)
            fd = Libc.open(path, Libc.O_PATH | Libc.O_CLOEXEC);
        return fd >= 0 ? new SafeFd(fd)
            : throw new JailException($"fpty cannot find its own executable: open on /proc/self/exe: {KernelException.Describe(fd)}; mount /proc");
    }
}
