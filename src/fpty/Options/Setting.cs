namespace Forkpty.Options;

/// <summary>One option with one value, checked, and the place it comes from.</summary>
/// <param name="Option">The option.</param>
/// <param name="Name">The name that was written: the canonical one or an alias.</param>
/// <param name="Value">The value after all placeholders; for a flag "true" or "false".</param>
/// <param name="Origin">Where it was written.</param>
internal sealed record Setting(Option Option, string Name, string Value, Origin Origin)
{
    /// <summary>
    /// The error for a value that turns out wrong only later, as an unknown user: <c>jail.ini:5: uid = kratos: there is no such user in /etc/passwd</c>.
    /// </summary>
    public ConfigurationException Wrong(string reason) => new($"{this}: {reason}");

    /// <summary>As it was written: on the command line a flag has no value, nor has what is as good as none.</summary>
    public override string ToString() =>
        Origin.Describe(Name, Origin.IsCommandLine && Value == (Option.Kind == OptionKind.Flag ? "true" : Option.ValueIfBare) ? null : Value);
}
