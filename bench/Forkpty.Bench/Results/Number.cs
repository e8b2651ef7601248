using System.Globalization;

namespace Forkpty.Bench;

/// <summary>Numbers for people: three digits that mean something.</summary>
internal static class Number
{
    public static string Short(double value) => value switch
    {
        0 => "0",
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}
