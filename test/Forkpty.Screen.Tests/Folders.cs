using System.Runtime.CompilerServices;

namespace Forkpty.Screen.Tests;

internal static class Folders
{
    public static string Tests { get; } = Path.GetDirectoryName(Source())!;

    public static string Recordings => Path.Combine(Tests, "recordings");

    private static string Source([CallerFilePath] string path = "") => path;
}
