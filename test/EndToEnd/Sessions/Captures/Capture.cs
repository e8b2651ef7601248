using System.Runtime.CompilerServices;

namespace Forkpty.EndToEnd.Sessions;

/// <summary>The first 64 bytes that a program of uWSGI sends, recorded in a file beside this one.</summary>
internal static class Capture
{
    public const int Length = 64;

    /// <summary>Compares with the record; makes it with FPTY_RECORD=1.</summary>
    public static void Compare(string name, ReadOnlySpan<byte> bytes, [CallerFilePath] string here = "")
    {
        string path = Path.Combine(Binaries.Repository, "test/EndToEnd/Sessions/Captures", name + ".hex");
        string text = Write(bytes[..Length]);
        if (Environment.GetEnvironmentVariable("FPTY_RECORD") == "1")
            File.WriteAllText(path, $"# Made by: FPTY_RECORD=1 dotnet test --project test/EndToEnd --filter-class '*.{Path.GetFileNameWithoutExtension(here)}'\n{text}");
        Assert.Equal(Lines(File.ReadAllText(path)), Lines(text));
    }

    /// <summary>The bytes of a record.</summary>
    public static byte[] Read(string name) => Convert.FromHexString(
        string.Concat(Lines(File.ReadAllText(Path.Combine(Binaries.Repository, "test/EndToEnd/Sessions/Captures", name + ".hex")))
            .Select(line => line.Split('|')[0].Replace(" ", "", StringComparison.Ordinal))));

    private static string Write(ReadOnlySpan<byte> bytes) => string.Concat(bytes.ToArray().Chunk(16).Select(row =>
        $"{string.Join(' ', row.Select(b => b.ToString("x2", null)))}  | {string.Concat(row.Select(b => b is >= 0x20 and < 0x7F ? (char)b : '.'))}\n"));

    private static string[] Lines(string text) => [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
}
