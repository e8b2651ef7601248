namespace Forkpty.Testing;

/// <summary>What of an output goes into a message: a failure that shows 200 KB hides the next one in the record of a run.</summary>
public static class Excerpt
{
    private const int Edge = 600;

    /// <summary>The first and the last 600 characters of a text, and how much is between them; control characters made visible.</summary>
    public static string Of(string text) => text.Length <= 2 * Edge + 100
        ? Visible(text)
        : $"{Visible(text[..Edge])}\n[... {text.Length - 2 * Edge} characters left out ...]\n{Visible(text[^Edge..])}";

    private static string Visible(string text) =>
        string.Concat(text.Select(c => c is '\n' ? "\n" : char.IsControl(c) ? $"\\x{(int)c:x2}" : c.ToString()));
}
