namespace Forkpty.Bench;

/// <summary>How much of everything one round does.</summary>
internal sealed record Scale
{
    /// <summary>Keys typed back to back: 1 % of them, which make the p99, are still 30.</summary>
    public int Keys { get; init; } = 3000;

    /// <summary>Keys typed with a rest before each.</summary>
    public int UnhurriedKeys { get; init; } = 1000;

    /// <summary>Time of typing beside other events: long enough to meet hundreds of them.</summary>
    public int TypingMilliseconds { get; init; } = 1500;

    /// <summary>Bytes of one session's flood.</summary>
    public int FloodBytes { get; init; } = 64 << 20;

    /// <summary>Bytes of one session's paste.</summary>
    public int PasteBytes { get; init; } = 4 << 20;

    /// <summary>Sessions opened, run and closed.</summary>
    public int Sessions { get; init; } = 1000;

    /// <summary>Sessions held idle to see what one costs; close to the kernel's default limit of 4,096 ptys.</summary>
    public int Held { get; init; } = 4000;

    /// <summary>Sessions kept idle to see what one costs.</summary>
    public int Kept { get; init; } = 200;

    /// <summary>Idle neighbours of a busy session.</summary>
    public int Neighbours { get; init; } = 1000;

    /// <summary>Floods interrupted.</summary>
    public int Interrupts { get; init; } = 5;

    /// <summary>Starts of an executable.</summary>
    public int Starts { get; init; } = 50;

    /// <summary>Attachments to a container.</summary>
    public int Attaches { get; init; } = 100;

    /// <summary>To see that everything works, not to judge by.</summary>
    public static Scale Quick { get; } = new()
    {
        Keys = 500,
        UnhurriedKeys = 200,
        TypingMilliseconds = 300,
        FloodBytes = 8 << 20,
        PasteBytes = 1 << 18,
        Sessions = 60,
        Held = 300,
        Kept = 50,
        Neighbours = 100,
        Interrupts = 2,
        Starts = 10,
        Attaches = 10,
    };
}
