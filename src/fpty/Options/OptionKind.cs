namespace Forkpty.Options;

/// <summary>What the value of an option is.</summary>
internal enum OptionKind
{
    /// <summary>On or off: true, yes, on, 1, or no value at all; false, no, off, 0.</summary>
    Flag,

    /// <summary>Any text.</summary>
    Text,

    /// <summary>The path of a file.</summary>
    File,

    /// <summary>The path of a directory.</summary>
    Directory,

    /// <summary>The address of a socket: a path, @abstract, host:port, :port, [::1]:port or fd://N.</summary>
    Address,

    /// <summary>A whole number between the bounds of the option.</summary>
    Number,

    /// <summary>Permission bits, three or four octal digits.</summary>
    Mode,

    /// <summary>A time: a whole number of seconds, or one with the unit ms, s, m or h.</summary>
    Duration,

    /// <summary>One word of a list.</summary>
    Choice,

    /// <summary>Some words of a list, separated by commas.</summary>
    Choices,

    /// <summary>NAME=VALUE.</summary>
    Assignment,

    /// <summary>The name of a session.</summary>
    SessionName,

    /// <summary>What becomes of a session when its last client is gone: hup, keep, keep=TIME or kill.</summary>
    Disconnect,

    /// <summary>Names of targets with * for any part, separated by commas.</summary>
    Targets,

    /// <summary>The name or number of a signal.</summary>
    Signal,

    /// <summary>One character, ^ and a character for a control character, or none.</summary>
    Key,
}
