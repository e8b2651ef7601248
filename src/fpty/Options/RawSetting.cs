namespace Forkpty.Options;

/// <summary>A name and a value as they were written, before placeholders are replaced and the value is checked.</summary>
internal sealed class RawSetting(string name, Option? option, string value, Origin origin)
{
    public string Name { get; } = name;

    /// <summary>Null for a name that no option has: a placeholder, or an error.</summary>
    public Option? Option { get; } = option;

    /// <summary>Made by set or set-placeholder.</summary>
    public bool IsPlaceholder { get; init; }

    /// <summary>Replaced as the placeholders in it are.</summary>
    public string Value { get; set; } = value;

    public Origin Origin { get; } = origin;

    /// <summary>Some %(NAME) uses it.</summary>
    public bool Used { get; set; }

    public string Describe() => Origin.Describe(Name, Value);
}
