namespace Forkpty.Targets;

/// <summary>A file or directory of a runtime, and who could have made it: the machine's root, or a user below a directory that is his.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Owned">The user's directory, which root gave him: below it no symbolic link is followed, and all is his, whatever a file says of its owner. Empty for a place of the machine's.</param>
/// <param name="User">The user, where there is one; never root.</param>
internal readonly record struct Place(string Path, string Owned = "", uint User = 0)
{
    public static implicit operator Place(string path) => new(path);

    /// <summary>A name, or a path of some, below it.</summary>
    public Place Below(string path) => this with { Path = $"{Path}/{path}" };
}
