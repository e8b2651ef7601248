namespace Forkpty.EndToEnd.Sessions;

/// <summary>How much the heavy tests do: as much as there is time for at each change, or everything with FPTY_FULL=1.</summary>
internal static class Extent
{
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("FPTY_FULL") == "1";

    public static int Of(int usual, int full) => IsFull ? full : usual;
}
