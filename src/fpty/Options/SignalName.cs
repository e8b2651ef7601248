using System.Globalization;

namespace Forkpty.Options;

/// <summary>The names of signals, as kill(1) takes them: <c>INT</c>, <c>SIGINT</c>, <c>2</c>.</summary>
internal static class SignalName
{
    private const int Last = 64;

    // In the order of their numbers on Linux for x64 and arm64, from 1; signal(7).
    public static readonly string[] Names =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP",
        "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    public static bool TryParse(string text, out int signal)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out signal)) return signal is >= 1 and <= Last;
        string name = text.ToUpperInvariant();
        signal = Array.IndexOf(Names, name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name) + 1;
        return signal > 0;
    }
}
