using Forkpty.Interop;

namespace Forkpty;

/// <summary>How a program ended: with an exit code, by a signal, or in a way nobody could tell us; waitid(2).</summary>
public readonly record struct ExitStatus
{
    private ExitStatus(int? code, int? signal, bool coreDumped)
    {
        Code = code;
        Signal = signal;
        CoreDumped = coreDumped;
    }

    /// <summary>The exit code, 0 to 255, where the program ended by itself.</summary>
    public int? Code { get; }

    /// <summary>The number of the signal that ended the program; signal(7).</summary>
    public int? Signal { get; }

    /// <summary>Whether the signal also dumped core.</summary>
    public bool CoreDumped { get; }

    /// <summary>Whether the status went to somebody else, such as another reaper in this process.</summary>
    public bool IsUnknown => Code is null && Signal is null;

    /// <summary>The number a shell would show: the code, or 128 + the signal, or 255 where the status is unknown.</summary>
    public int ShellCode => Code ?? (Signal is { } signal ? 128 + signal : 255);

    /// <summary>The status of a program whose status went to somebody else.</summary>
    public static ExitStatus Unknown => default;

    /// <summary>The status of a program that ended by itself.</summary>
    /// <param name="code">0 to 255.</param>
    public static ExitStatus Exited(int code) => new(code, null, false);

    /// <summary>The status of a program that a signal ended.</summary>
    /// <param name="signal">The signal's number.</param>
    /// <param name="coreDumped">Whether core was dumped.</param>
    public static ExitStatus Killed(int signal, bool coreDumped = false) => new(null, signal, coreDumped);

    internal static ExitStatus FromNative(Libc.ChildState state) => state.Code switch
    {
        Libc.CLD_EXITED => Exited(state.Status),
        Libc.CLD_KILLED => Killed(state.Status),
        Libc.CLD_DUMPED => Killed(state.Status, coreDumped: true),
        _ => Unknown,
    };

    /// <inheritdoc/>
    public override string ToString() =>
        Code is { } code ? $"exit code {code}" : Signal is { } signal ? $"signal {signal}{(CoreDumped ? ", core dumped" : "")}" : "unknown";
}
