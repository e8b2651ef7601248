using System.Globalization;

namespace Forkpty.Protocol;

/// <summary>What becomes of a session when its last driver is gone: written <c>hup</c>, <c>keep</c>, <c>keep=SECONDS</c> or <c>kill</c>.</summary>
public readonly record struct OnDisconnect
{
    private OnDisconnect(DisconnectAction action, TimeSpan? limit)
    {
        Action = action;
        Limit = limit;
    }

    /// <summary>The terminal is hung up: the program gets SIGHUP. The default.</summary>
    public static OnDisconnect HangUp => default;

    /// <summary>The session goes on, for ever.</summary>
    public static OnDisconnect Keep { get; } = new(DisconnectAction.Keep, null);

    /// <summary>Every process of the session is killed.</summary>
    public static OnDisconnect Kill { get; } = new(DisconnectAction.Kill, null);

    /// <summary>What is done.</summary>
    public DisconnectAction Action { get; }

    /// <summary>How long the session is kept; null for ever.</summary>
    public TimeSpan? Limit { get; }

    /// <summary>Whether one can come back to the session.</summary>
    public bool IsKept => Action == DisconnectAction.Keep;

    /// <summary>The longest time that a session is kept, and that a router may be given for anything: in milliseconds it fits an int.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(24);

    /// <summary>The session goes on for a time.</summary>
    /// <param name="limit">1 second to 24 days, <see cref="Longest"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of its bounds.</exception>
    public static OnDisconnect KeepFor(TimeSpan limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, Longest);
        return new OnDisconnect(DisconnectAction.Keep, limit);
    }

    /// <summary>Reads what is written.</summary>
    /// <param name="text"><c>hup</c>, <c>keep</c>, <c>keep=TIME</c> or <c>kill</c>; TIME is a number and s, m, h or d, seconds without.</param>
    /// <param name="value">What it means.</param>
    public static bool TryParse(string? text, out OnDisconnect value)
    {
        value = text switch { "keep" => Keep, "kill" => Kill, _ => HangUp };
        if (text is "hup" or "keep" or "kill") return true;
        if (text?.StartsWith("keep=", StringComparison.Ordinal) != true) return false;
        int unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        ReadOnlySpan<char> digits = text.AsSpan(5, text.Length - 5 - (unit == 0 ? 0 : 1));
        if (!uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)) return false;
        long seconds = number * (long)Math.Max(unit, 1);
        if (seconds < 1 || seconds > Longest.TotalSeconds) return false;
        value = KeepFor(TimeSpan.FromSeconds(seconds));
        return true;
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => Action switch
    {
        DisconnectAction.HangUp => "hup",
        DisconnectAction.Kill => "kill",
        _ => Limit is { } limit ? string.Create(CultureInfo.InvariantCulture, $"keep={(long)limit.TotalSeconds}") : "keep",
    };
}
