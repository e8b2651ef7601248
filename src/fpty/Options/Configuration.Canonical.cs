using System.Globalization;
using System.Text;

namespace Forkpty.Options;

/// <summary>
/// The canonical form, one line per setting: <c>name = value TAB line TAB file</c>, with line and file empty for the command line. Values and files
/// are escaped (<c>\\ \n \r \t \uXXXX</c>), so that any text survives. It is read by the same version of the program only.
/// </summary>
internal sealed partial class Configuration
{
    private const string CanonicalHeader = "fpty settings 1";

    /// <summary>Twice the most that <see cref="ConfigurationReader"/> lets through, for the escapes.</summary>
    private const int LongestCanonicalForm = 64 * 1024 * 1024;

    /// <summary>Writes every setting in the canonical form, in UTF-8.</summary>
    public void WriteTo(Stream stream)
    {
        var text = new StringBuilder(CanonicalHeader).Append('\n');
        foreach (var (_, name, value, origin) in Settings)
        {
            text.Append(name).Append(" = ");
            Escape(text, value);
            text.Append('\t');
            if (!origin.IsCommandLine)
                text.Append(origin.Line);
            text.Append('\t');
            Escape(text, origin.File ?? "");
            text.Append('\n');
        }

        stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>What <see cref="WriteTo"/> writes.</summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        WriteTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote, up to the end of the stream.</summary>
    /// <exception cref="ConfigurationException">It is not the canonical form, or a value is not allowed.</exception>
    public static Configuration ReadFrom(Stream stream)
    {
        var lines = ReadText(stream).Split('\n');
        if (lines[0] != CanonicalHeader || lines[^1].Length > 0)
            throw new ConfigurationException($"The settings handed over do not begin with \"{CanonicalHeader}\" or end in the middle of a line.");

        var settings = new List<Setting>(lines.Length);
        for (var index = 1; index < lines.Length - 1; index++)
            settings.Add(ReadLine(lines[index]) ?? throw new ConfigurationException($"Line {index + 1} of the settings handed over is not a setting."));

        return new Configuration(settings, []);
    }

    private static Setting? ReadLine(string line)
    {
        var fields = line.Split('\t');
        var equals = line.IndexOf(" = ", StringComparison.Ordinal);
        if (fields.Length != 3 || equals < 0 || equals > fields[0].Length || !OptionTable.TryFind(line[..equals], out var option))
            return null;

        var isCommandLine = fields[1].Length == 0 && fields[2].Length == 0;
        var number = 0;
        if (!isCommandLine && !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return null;
        if (Unescape(fields[0][(equals + 3)..]) is not { } value || Unescape(fields[2]) is not { } file)
            return null;
        if (option.WithoutEffect is null && OptionValue.Complaint(option, value) is not null)
            return null;

        return new Setting(option, line[..equals], value, isCommandLine ? Origin.CommandLine : new Origin(file, number));
    }

    private static string ReadText(Stream stream)
    {
        using var bytes = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int count; (count = stream.Read(chunk)) > 0;)
        {
            bytes.Write(chunk, 0, count);
            if (bytes.Length > LongestCanonicalForm)
                throw new ConfigurationException($"The settings handed over are longer than {LongestCanonicalForm} bytes.");
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static void Escape(StringBuilder text, string value)
    {
        foreach (var character in value)
        {
            _ = character switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                // Control characters, and halves of surrogate pairs, which UTF-8 cannot carry alone.
                < ' ' or (>= '\ud800' and <= '\udfff') => text.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(character),
            };
        }
    }

    private static string? Unescape(string escaped)
    {
        if (!escaped.Contains('\\', StringComparison.Ordinal))
            return escaped;

        var text = new StringBuilder(escaped.Length);
        for (var index = 0; index < escaped.Length; index++)
        {
            if (escaped[index] != '\\')
            {
                text.Append(escaped[index]);
                continue;
            }

            if (++index == escaped.Length)
                return null;
            switch (escaped[index])
            {
                case '\\': text.Append('\\'); break;
                case 'n': text.Append('\n'); break;
                case 'r': text.Append('\r'); break;
                case 't': text.Append('\t'); break;
                case 'u' when index + 4 < escaped.Length
                    && ushort.TryParse(escaped.AsSpan(index + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                    text.Append((char)code);
                    index += 4;
                    break;
                default: return null;
            }
        }

        return text.ToString();
    }
}
