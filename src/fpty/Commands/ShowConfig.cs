using System.Text;
using Forkpty.Options;

namespace Forkpty.Commands;

/// <summary><c>fpty --show-config FILE</c>: the settings that count, as one ini file.</summary>
internal static class ShowConfig
{
    public static int Run(CommandLine line)
    {
        Screen.Write(Text(line.Configuration));
        return ExitStatus.Fine;
    }

    public static string Text(Configuration configuration)
    {
        var text = new StringBuilder("[fpty]\n");
        foreach (var (option, name, value, _) in configuration.Settings)
            if (!option.CommandLineOnly && option.Category != OptionCategory.Configuration)
                text.Append(name).Append(" = ").Append(value.Replace("%", "%%", StringComparison.Ordinal)).Append('\n');

        return text.ToString();
    }
}
