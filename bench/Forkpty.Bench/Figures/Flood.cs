namespace Forkpty.Bench;

/// <summary>A session that puts out lines without end.</summary>
internal static class Flood
{
    /// <summary>Lines of 80 columns, as programs write them; yes(1) fills its buffer with them once and then only writes.</summary>
    public const string Command = "yes 0123456789012345678901234567890123456789012345678901234567890123456789012345678";

    public static Connection Open(Server server)
    {
        Connection session = server.Open();
        session.Run(":", then: $"exec {Command}");
        return session;
    }
}
