namespace Forkpty.Commands;

/// <summary><c>fpty --version</c></summary>
internal static class Version
{
    /// <summary>The version in Directory.Build.props; a test compares the two.</summary>
    public const string Number = "0.1.0";

    public static int Run()
    {
        Screen.Write($"fpty {Number}\n");
        return ExitStatus.Fine;
    }
}
