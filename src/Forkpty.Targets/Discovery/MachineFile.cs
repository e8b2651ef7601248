using System.Globalization;
using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>A machine as systemd-machined writes it down in /run/systemd/machines: lines of NAME=VALUE.</summary>
internal static class MachineFile
{
    /// <summary>Starting takes a moment, and the clock of the file is not that of the kernel.</summary>
    private const ulong Slack = 200;

    public static Clue? Read(HostFiles files, string name)
    {
        // Beside the files are links, called unit:NAME, to the same.
        if (files.Text($"/run/systemd/machines/{name}", 64 * 1024, out uint owner) is not { } text || Value(text, "CLASS") != "container")
            return null;
        if (!int.TryParse(Value(text, "LEADER"), NumberStyles.None, CultureInfo.InvariantCulture, out int leader) || leader <= 0)
            return null;
        return new Clue(TargetKind.Machine, name, leader)
        {
            Image = Value(text, "ROOT") ?? "",
            Before = ulong.TryParse(Value(text, "MONOTONIC"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong microseconds) ? Ticks(microseconds) : null,
            Owner = owner,
        };
    }

    private static string? Value(string text, string name)
    {
        foreach (string line in text.Split('\n'))
        {
            if (line.Length > name.Length && line[name.Length] == '=' && line.StartsWith(name, StringComparison.Ordinal))
                return line[(name.Length + 1)..].Trim('"');
        }

        return null;
    }

    /// <summary>The monotonic clock stands still while the machine sleeps; that of process starts does not.</summary>
    private static ulong Ticks(ulong microseconds) => (microseconds / 10_000) + Libc.suspended_ticks() + Slack;
}
