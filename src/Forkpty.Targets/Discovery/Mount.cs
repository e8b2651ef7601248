using System.Globalization;
using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>Mounts, by the numbers that the kernel gives them: one that is there in two namespaces has another in each.</summary>
internal static class Mount
{
    /// <summary>The mount that an open file is on; the file itself is not asked. Null where that cannot be told.</summary>
    public static string? Of(SafeFd file) =>
        HostProcesses.Field(Host.Local.Files.Text($"/proc/self/fdinfo/{file.Value.ToString(CultureInfo.InvariantCulture)}", 4096) ?? "", "mnt_id");

    /// <summary>Its line in the text of a mountinfo; null where it is not there.</summary>
    public static string? Line(string? mountinfo, string mount)
    {
        foreach (string line in (mountinfo ?? "").Split('\n'))
        {
            if (line.StartsWith($"{mount} ", StringComparison.Ordinal))
                return line;
        }

        return null;
    }
}
