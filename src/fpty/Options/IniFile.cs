namespace Forkpty.Options;

/// <summary>One ini file, with uWSGI's syntax: sections, <c>name = value</c>, a name alone, and comments after ; or # at the start of a line.</summary>
internal static class IniFile
{
    /// <summary>1 MiB; real files have a few KiB.</summary>
    private const int LongestFile = 1024 * 1024;

    /// <summary>A line of the section that was asked for: name, value (empty where there is none), line number from 1.</summary>
    public readonly record struct Line(string Name, string Value, int Number);

    /// <summary>The lines of one section, or of [uwsgi] and [fpty] where no section is asked for.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read, a line is no ini line, or the section is missing.</exception>
    public static List<Line> Read(string path, string shownAs, string? section)
    {
        var lines = new List<Line>();
        string? current = null;
        var found = false;
        var number = 0;
        foreach (var raw in TextFile.Read(path, LongestFile).TrimStart('\ufeff').Split('\n'))
        {
            number++;
            var line = raw.Trim(' ', '\t', '\r');
            if (line.Length == 0 || line[0] is ';' or '#')
                continue;

            if (line[0] == '[')
            {
                if (line[^1] != ']')
                    throw Wrong(shownAs, number, line, "a section is written as [uwsgi].");
                current = line[1..^1];
                found |= IsAskedFor(current, section);
                continue;
            }

            if (current is null)
                throw Wrong(shownAs, number, line, "it stands before any section; write [uwsgi] above it.");
            if (IsAskedFor(current, section))
                lines.Add(Split(line, number, shownAs));
        }

        if (!found)
            throw new ConfigurationException($"{shownAs} has no section {(section is null ? "[uwsgi] or [fpty]" : $"[{section}]")}.");
        return lines;
    }

    private static bool IsAskedFor(string current, string? section) => section is null ? current is "uwsgi" or "fpty" : current == section;

    private static Line Split(string line, int number, string shownAs)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            return new Line(line, "", number);
        if (equals == 0)
            throw Wrong(shownAs, number, line, "there is no name before the =.");
        return new Line(line[..equals].TrimEnd(' ', '\t', '\r'), line[(equals + 1)..].TrimStart(' ', '\t', '\r'), number);
    }

    private static ConfigurationException Wrong(string shownAs, int number, string line, string reason) =>
        new($"{shownAs}:{number}: {(line.Length > 80 ? line[..77] + "..." : line)}: {reason}");
}
