using System.Text;
using System.Text.Unicode;

namespace Forkpty.Options;

/// <summary>The arguments as they were given. The runtime makes text of them, in which bytes that are not UTF-8 are others: a command with such would be another one.</summary>
internal static class RawArguments
{
    private const char Replacement = '\uFFFD';
    private const string CommandLine = "/proc/self/cmdline";

    /// <summary>Costs nothing but where an argument has the character that takes the place of such bytes.</summary>
    /// <exception cref="ConfigurationException">One of them is not UTF-8, or nobody can tell.</exception>
    public static void Check(string[] arguments)
    {
        if (Array.Find(arguments, static argument => argument.Contains(Replacement, StringComparison.Ordinal)) is not { } doubtful)
            return;
        ReadOnlySpan<byte> given = File.Exists(CommandLine) ? File.ReadAllBytes(CommandLine) : throw Wrong(doubtful);
        foreach (var argument in given.Split((byte)0))
        {
            if (!Utf8.IsValid(given[argument]))
                throw Wrong(Escaped(given[argument]));
        }
    }

    private static ConfigurationException Wrong(string argument) =>
        new($"the argument {argument} is not UTF-8, and would be another one where it arrives; have a shell make such bytes there: sh -c 'COMMAND \"$(printf \"\\377\")\"'");

    private static string Escaped(ReadOnlySpan<byte> argument)
    {
        var text = new StringBuilder();
        foreach (var next in argument)
            text.Append(next is >= 0x20 and < 0x7f ? $"{(char)next}" : $"\\x{next:x2}");
        return text.ToString();
    }
}
