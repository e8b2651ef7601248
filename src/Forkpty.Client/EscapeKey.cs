using System.Diagnostics.CodeAnalysis;

namespace Forkpty.Client;

/// <summary>
/// The key that at the beginning of a line asks for the client's attention, as in ssh: <c>~.</c> disconnects, <c>~d</c> detaches, <c>~r</c> redraws,
/// <c>~s</c> reports, <c>~^Z</c> suspends, <c>~?</c> helps, each where no other key follows within half a second; <c>~~</c> types the key itself.
/// </summary>
public readonly record struct EscapeKey
{
    private readonly byte _value; // 0: none, which no keyboard needs as an escape

    private EscapeKey(byte value) => _value = value;

    /// <summary>The tilde.</summary>
    public static EscapeKey Default { get; } = new((byte)'~');

    /// <summary>No escape: every byte goes to the program.</summary>
    public static EscapeKey None => default;

    /// <summary>True for every key but <see cref="None"/>.</summary>
    public bool IsOn => _value != 0;

    internal byte Value => _value;

    /// <summary>Reads one ASCII character, <c>^X</c> for Control and a letter, or <c>none</c>.</summary>
    /// <param name="text">What a person wrote.</param>
    /// <param name="key">The key.</param>
    /// <param name="error">Where the answer is false: a sentence that says what is allowed, without a final dot.</param>
    public static bool TryParse(string? text, out EscapeKey key, [NotNullWhen(false)] out string? error)
    {
        error = null;
        key = text switch
        {
            "none" => None,
            [> ' ' and <= '~' and var plain] => new((byte)plain),
            ['^', '?'] => new(0x7f),
            ['^', var letter] when letter is >= 'A' and <= '_' or >= 'a' and <= 'z' => new((byte)(letter & 0x1f)),
            _ => None,
        };
        if (key.IsOn && key._value is not ((byte)'\r' or (byte)'\n' or (byte)'.' or (byte)'?') || text == "none") return true;

        key = None;
        error = $"\"{text}\" is no escape key; write one character such as ~ (but not . or ?), ^X for Control-X (but not ^J or ^M), or none";
        return false;
    }

    /// <summary>The key as it is written on a command line.</summary>
    public override string ToString() => _value switch
    {
        0 => "none",
        0x7f => "^?",
        < 0x20 => "^" + (char)(_value | 0x40),
        _ => ((char)_value).ToString(),
    };
}
