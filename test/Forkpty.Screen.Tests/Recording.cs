using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Forkpty.Screen.Tests;

/// <summary>What a program put out on a terminal, and the sizes that this had: lines `R ROWS COLUMNS` and `O LENGTH`, the latter followed by so many bytes.</summary>
internal sealed class Recording
{
    private readonly List<Event> _events = [];

    /// <summary>Output, or a size where there is none.</summary>
    public sealed record Event(byte[] Output, int Rows, int Columns);

    public IReadOnlyList<Event> Events => _events;

    public static IEnumerable<string> Names =>
        Directory.GetFiles(Folders.Recordings, "*.rec.gz").Select(path => Path.GetFileName(path)[..^".rec.gz".Length]).Order();

    public static Recording Open(string name)
    {
        using var file = new GZipStream(File.OpenRead(Path.Combine(Folders.Recordings, name + ".rec.gz")), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        file.CopyTo(memory);
        return Parse(memory.ToArray());
    }

    public static Recording Of(int rows, int columns, params byte[][] outputs)
    {
        var recording = new Recording();
        recording._events.Add(new Event([], rows, columns));
        foreach (byte[] output in outputs)
            recording._events.Add(new Event(output, 0, 0));
        return recording;
    }

    private static Recording Parse(ReadOnlySpan<byte> bytes)
    {
        var recording = new Recording();
        while (bytes.Length > 0)
        {
            int end = bytes.IndexOf((byte)'\n');
            string[] words = Encoding.ASCII.GetString(bytes[..end]).Split(' ');
            bytes = bytes[(end + 1)..];
            if (words[0] == "R")
            {
                recording._events.Add(new Event([], int.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture)));
                continue;
            }
            int length = int.Parse(words[1], CultureInfo.InvariantCulture);
            recording._events.Add(new Event(bytes[..length].ToArray(), 0, 0));
            bytes = bytes[length..];
        }
        return recording;
    }
}
