namespace Forkpty.Protocol;

/// <summary>The values of modifier2, the last byte of a <see cref="UwsgiHeader"/>.</summary>
public static class UwsgiModifier
{
    /// <summary>Input for the program; as many bytes follow as the size field says.</summary>
    public const byte Stdin = 0;

    /// <summary>The lowest signal number. A signal packet is a header alone, its size field means nothing.</summary>
    public const byte FirstSignal = 1;

    /// <summary>The highest signal number.</summary>
    public const byte LastSignal = 99;

    /// <summary>The window's height; the size field is the number of rows, no payload follows.</summary>
    public const byte Rows = 100;

    /// <summary>The window's width; the size field is the number of columns, no payload follows.</summary>
    public const byte Columns = 101;

    /// <summary>From here to 255 nothing is defined. Such a packet is a header alone, as uWSGI reads it, and without effect.</summary>
    public const byte FirstUnknown = 102;
}
