using System.Globalization;
using System.Text;

namespace Forkpty.Options;

/// <summary>
/// The variables of one letter that name the ini file and the machine: <c>%d</c>, <c>%n</c> and so on, with uWSGI's meanings. Upper case is the
/// file named on the command line where an included one is read.
/// </summary>
internal sealed class MagicVariables
{
    private const string KnownLetters = "p o s n e d c x 0 to 9, their capitals P O S N E D C X, and v h k u U g G t T V";

    private readonly string _path;
    private readonly string _name;
    private readonly string _directory;
    private readonly string _asNamed;
    private readonly string _section;
    private readonly MagicVariables? _outermost;

    /// <param name="asNamed">The file as the person named it.</param>
    /// <param name="section">The section asked for; empty where none was.</param>
    /// <param name="outermost">The variables of the file named on the command line, for an included file.</param>
    public MagicVariables(string asNamed, string section, MagicVariables? outermost)
    {
        _asNamed = asNamed;
        _section = section;
        _path = Path.GetFullPath(asNamed);
        _name = Path.GetFileName(_path);
        _directory = _path[..^_name.Length];
        _outermost = outermost;
    }

    /// <summary>Replaces every variable; <c>%%</c> is a percent sign, and <c>%(</c> begins a placeholder and stays.</summary>
    /// <param name="text">The value.</param>
    /// <param name="complaint">What is wrong, as the end of a sentence; null where all is fine.</param>
    public string Replace(string text, out string? complaint)
    {
        complaint = null;
        if (!text.Contains('%', StringComparison.Ordinal))
            return text;

        var result = new StringBuilder(text.Length + 64);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] != '%')
            {
                result.Append(text[index]);
                continue;
            }

            var letter = ++index < text.Length ? text[index] : '\0';
            if (Meaning(letter) is { } meaning)
                result.Append(meaning);
            else
                complaint ??= letter == '\0'
                    ? "a % at the end means nothing; write %% for a percent sign."
                    : $"%{letter} means nothing; write %% for a percent sign. Known are {KnownLetters}.";
        }

        return result.ToString();
    }

    private string? Meaning(char letter) => letter switch
    {
        '%' => "%",
        '(' => "%(",
        '[' => "\x1b",
        'p' => _path,
        'o' => _asNamed,
        's' => _name,
        'n' => _name.LastIndexOf('.') is var dot and >= 0 ? _name[..dot] : _name,
        'e' => _name.LastIndexOf('.') is var dot and >= 0 ? _name[(dot + 1)..] : "",
        'd' => _directory,
        'c' => Path.GetFileName(_directory.TrimEnd('/')),
        'x' => _section,
        >= '0' and <= '9' => Component(letter - '0'),
        'P' or 'O' or 'S' or 'N' or 'E' or 'D' or 'C' or 'X' => (_outermost ?? this).Meaning(char.ToLowerInvariant(letter)),
        'v' => Environment.CurrentDirectory,
        'h' => Machine.HostName,
        'k' => Machine.Processors.ToString(CultureInfo.InvariantCulture),
        'u' => Machine.UserId,
        'U' => Machine.NameIn("/etc/passwd", Machine.UserId),
        'g' => Machine.GroupId,
        'G' => Machine.NameIn("/etc/group", Machine.GroupId),
        't' => DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'T' => ((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / 10).ToString(CultureInfo.InvariantCulture),
        'V' => Commands.Version.Number,
        _ => null,
    };

    private string Component(int index)
    {
        var components = _directory.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return index < components.Length ? components[index] : "";
    }
}
