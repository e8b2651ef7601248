using System.Globalization;

namespace Forkpty.Options;

/// <summary>What the magic variables need to know of the machine and the user, read from files: a static binary has no NSS.</summary>
internal static class Machine
{
    public static string HostName => FirstLine("/proc/sys/kernel/hostname") ?? Environment.MachineName;

    /// <summary>Processors of the machine that are on, as uWSGI counts them: also those that this process may not use.</summary>
    public static int Processors
    {
        get
        {
            var count = 0;
            foreach (var range in (FirstLine("/sys/devices/system/cpu/online") ?? "").Split(',')) // 0-3,6
            {
                var dash = range.IndexOf('-', StringComparison.Ordinal);
                if (int.TryParse(dash < 0 ? range : range[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                    && int.TryParse(range[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var last))
                    count += last - first + 1;
            }

            return count > 0 ? count : Environment.ProcessorCount;
        }
    }

    /// <summary>The real user id.</summary>
    public static string UserId => Status("Uid:");

    /// <summary>The real group id.</summary>
    public static string GroupId => Status("Gid:");

    /// <summary>The name of an id in /etc/passwd or /etc/group (name:password:id:...); the id itself where it has none.</summary>
    public static string NameIn(string file, string id)
    {
        foreach (var line in Lines(file))
            if (line.Split(':') is [var name, _, var number, ..] && number == id)
                return name;

        return id;
    }

    private static string Status(string field)
    {
        foreach (var line in Lines("/proc/self/status"))
            if (line.StartsWith(field, StringComparison.Ordinal) && line.Split('\t') is [_, var real, ..])
                return real;

        return "";
    }

    private static string? FirstLine(string file) => Lines(file) is [var first, ..] ? first : null;

    private static string[] Lines(string file)
    {
        try
        {
            return TextFile.Read(file, 16 * 1024 * 1024).Split('\n');
        }
        catch (ConfigurationException)
        {
            return [];
        }
    }
}
