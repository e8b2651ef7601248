namespace Forkpty.Screen;

/// <summary>What the sets of characters show in place of ASCII.</summary>
internal static class Charsets
{
    /// <summary>From grave accent to tilde.</summary>
    private const string Graphics = "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";

    /// <summary>The set that a final byte designates; null: there is none, and the sequence does nothing.</summary>
    public static Charset? Of(int final) => final switch
    {
        'B' => Charset.Ascii,
        'C' or '5' => Charset.Finnish,
        'E' or '6' => Charset.Norwegian,
        'H' or '7' => Charset.Swedish,
        '0' or 'A' or '4' or 'R' or 'Q' or 'K' or 'Y' or 'Z' or '=' => (Charset)final,
        _ => null,
    };

    public static int Map(Charset charset, int code)
    {
        if (charset == Charset.Graphics)
            return code is >= '`' and <= '~' ? Graphics[code - '`'] : code;
        ReadOnlySpan<char> pairs = Pairs(charset);
        for (int i = 0; i < pairs.Length; i += 2)
        {
            if (pairs[i] == code)
                return pairs[i + 1];
        }
        return code;
    }

    /// <summary>What is replaced, each followed by what is shown.</summary>
    private static string Pairs(Charset charset) => charset switch
    {
        Charset.British => "#£",
        Charset.Dutch => "#£@¾[i\\½]|{¨|f}¼~´",
        Charset.Finnish => "[Ä\\Ö]Å^Ü`é{ä|ö}å~ü",
        Charset.French => "#£@à[°\\ç]§{é|ù}è~¨",
        Charset.FrenchCanadian => "@à[â\\ç]ê^î`ô{é|ù}è~û",
        Charset.German => "@§[Ä\\Ö]Ü{ä|ö}ü~ß",
        Charset.Italian => "#£@§[°\\ç]é`ù{à|ò}è~ì",
        Charset.Norwegian => "@Ä[Æ\\Ø]Å^Ü`ä{æ|ø}å~ü",
        Charset.Spanish => "#£@§[¡\\Ñ]¿{°|ñ}ç",
        Charset.Swedish => "@É[Ä\\Ö]Å^Ü`é{ä|ö}å~ü",
        Charset.Swiss => "#ù@à[é\\ç]ê^î_è`ô{ä|ö}ü~û",
        _ => "",
    };
}
