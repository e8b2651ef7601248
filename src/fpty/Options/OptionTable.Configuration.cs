namespace Forkpty.Options;

internal static partial class OptionTable
{
    public static readonly Option Ini = new("ini", OptionKind.File, OptionCategory.Configuration)
    {
        Aliases = ["include", "inherit", "config"],
        Repeated = true,
        Help = "Read this ini file at this place: its sections [uwsgi] and [fpty], or the one named in FILE:SECTION.",
        Example = "common.ini",
        Differs = "A relative path in a file is looked up beside that file, then in the working directory.",
    };

    public static readonly Option Set = new("set", OptionKind.Assignment, OptionCategory.Configuration)
    {
        Short = 'S',
        Repeated = true,
        Help = "Define a placeholder, used as %(NAME), or set the option of that name.",
        Example = "jail=/srv/jail",
    };

    public static readonly Option SetPlaceholder = new("set-placeholder", OptionKind.Assignment, OptionCategory.Configuration)
    {
        Aliases = ["set-ph"],
        Repeated = true,
        Help = "Define a placeholder, used as %(NAME); the name of an option is an error.",
        Example = "jail=/srv/jail",
    };

    public static readonly Option Strict = new("strict", OptionKind.Flag, OptionCategory.Configuration)
    {
        Help = "Unknown names in files are errors even where they are used as placeholders.",
        Differs = "Without it an unknown name is an error too, unless a %(NAME) uses it.",
    };

    public static readonly Option ShowConfig = new("show-config", OptionKind.Flag, OptionCategory.Configuration)
    {
        CommandLineOnly = true,
        Help = "Print the settings as one ini file, all placeholders replaced, and end.",
        Differs = "It ends after printing.",
    };

    public static readonly Option Help = new("help", OptionKind.Flag, OptionCategory.Configuration)
    {
        Aliases = ["usage"],
        Short = 'h',
        CommandLineOnly = true,
        Help = "Print the help.",
    };

    public static readonly Option Version = new("version", OptionKind.Flag, OptionCategory.Configuration)
    {
        Short = 'V',
        CommandLineOnly = true,
        Help = "Print the version.",
    };

    private static readonly Option[] ConfigurationOptions = [Ini, Set, SetPlaceholder, Strict, ShowConfig, Help, Version];
}
