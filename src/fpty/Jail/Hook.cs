namespace Forkpty.Jail;

/// <summary>A command on the way into the jail, for /bin/sh, and the option that asks for it.</summary>
internal readonly record struct Hook(string Option, string Command)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Option} = {Command}";
}
