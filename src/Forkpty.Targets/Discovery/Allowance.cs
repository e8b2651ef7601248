namespace Forkpty.Targets;

/// <summary>What is read in one look of all that is one user's: he may have made any number of files, each of them large, or one with as many names.</summary>
internal sealed class Allowance
{
    private int _files = 4_000; // a container has up to three
    private long _bytes = 64 << 20;

    public bool IsSpent => _files <= 0 || _bytes <= 0;

    /// <summary>A mount that is not of the user's making.</summary>
    public string? Mount { get; set; }

    public void Take(long bytes)
    {
        _files--;
        _bytes -= bytes;
    }
}
