using System.Globalization;

namespace Forkpty.Bench;

/// <summary>Where and when the numbers were taken.</summary>
internal static class Machine
{
    public static IEnumerable<string> Facts()
    {
        string processor = ValueOf("/proc/cpuinfo", "model name", ':') ?? "unknown processor";
        string memory = ValueOf("/proc/meminfo", "MemTotal", ':') ?? "0 kB";
        double gib = double.Parse(memory.Split(' ')[0], CultureInfo.InvariantCulture) / 1048576;
        string system = ValueOf("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? "Linux";
        yield return $"{Environment.ProcessorCount} × {processor}, {gib:0} GiB, {system}, Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}";
        yield return DateTimeOffset.UtcNow.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
    }

    /// <summary>Work that waited for a processor in the last minute, as a warning that others used the machine.</summary>
    public static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private static string? ValueOf(string file, string key, char separator) => File.ReadLines(file)
        .FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?
        .Split(separator, 2)[1].Trim();
}
