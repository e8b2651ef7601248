namespace Forkpty.Protocol;

/// <summary>A UNIX socket in the file system.</summary>
public sealed record UnixAddress : RouterAddress
{
    internal UnixAddress(string path) => Path = path;

    /// <summary>The path, absolute or relative: 1 to 107 bytes in UTF-8, without NUL.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public override bool IsLoopback => true;

    private protected override string Text => Path;
}
