namespace Forkpty.Options;

/// <summary>Where a setting was made: a line of a file, or the command line.</summary>
/// <param name="File">The file as the person named it; null for the command line.</param>
/// <param name="Line">The line, counted from 1; 0 for the command line.</param>
internal readonly record struct Origin(string? File, int Line)
{
    public static Origin CommandLine => default;

    public bool IsCommandLine => File is null;

    public override string ToString() => File is null ? "command line" : $"{File}:{Line}";

    /// <summary>The setting as the person wrote it, with its place: <c>jail.ini:3: uid = kratos</c> or <c>--uid kratos</c>.</summary>
    public string Describe(string name, string? value)
    {
        if (value is null || value.Length == 0)
            return File is null ? $"--{name}" : $"{this}: {name}";

        var shown = value.Length > 80 ? $"{value.AsSpan(0, 77)}..." : value;
        return File is null ? $"--{name} {shown}" : $"{this}: {name} = {shown}";
    }
}
