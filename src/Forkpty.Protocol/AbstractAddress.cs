namespace Forkpty.Protocol;

/// <summary>A UNIX socket in the abstract namespace of Linux: no file, gone with its last descriptor, one namespace per network namespace (unix(7)).</summary>
public sealed record AbstractAddress : RouterAddress
{
    internal AbstractAddress(string name) => Name = name;

    /// <summary>The name without its <c>@</c>: 1 to 107 bytes in UTF-8, without NUL. The socket's address is a NUL and these bytes, nothing more.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override bool IsLoopback => true;

    private protected override string Text => "@" + Name;
}
