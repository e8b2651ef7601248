namespace Forkpty.Targets;

/// <summary>A file or directory of a runtime, and who could have made it: the machine's root, or a user below a directory that is his.</summary>
/// <param name="path">Where it is.</param>
/// <param name="owned">The user's directory, which root gave him: below it no symbolic link is followed, and all is his, whatever a file says of its owner. Empty for a place of the machine's.</param>
/// <param name="user">The user, where there is one; never root.</param>
/// <param name="allowance">How much more is read of what is the user's; null where no bound is needed.</param>
internal sealed class Place(string path, string owned = "", uint user = 0, Allowance? allowance = null)
{
    public string Path { get; } = path;

    public string Owned { get; } = owned;

    public uint User { get; } = user;

    public Allowance? Allowance { get; } = allowance;

    public static implicit operator Place(string path) => new(path);

    /// <summary>A name, or a path of some, below it.</summary>
    public Place Below(string path) => new($"{Path}/{path}", Owned, User, Allowance);
}
