namespace Forkpty.Options;

internal static partial class OptionTable
{
    public static readonly Option Connect = new("pty-connect", OptionKind.Address, OptionCategory.Client)
    {
        Help = "Connect this terminal to a router or a shared pty, with plain bytes on the wire.",
        Example = "/run/fpty.socket",
        Differs = "The terminal is fully raw, so Ctrl-C goes to the program; it is always restored, and an escape leaves the session.",
    };

    public static readonly Option UwsgiConnect = new("pty-uconnect", OptionKind.Address, OptionCategory.Client)
    {
        Help = "Connect this terminal to a router in uwsgi mode: the window's size travels too.",
        Example = "/run/fpty.usocket",
        Differs = "As for pty-connect; pastes of any length arrive.",
    };

    public static readonly Option Raw = new("raw", OptionKind.Flag, OptionCategory.Client)
    {
        OnlyHere = true,
        CommandLineOnly = true,
        Help = "With the verb connect: plain bytes on the wire, for a forkpty-router or pty-socket address.",
    };

    public static readonly Option Escape = new("escape", OptionKind.Key, OptionCategory.Client)
    {
        OnlyHere = true,
        Default = "~",
        Help = "The character that, after Enter and before a dot, leaves the session; none switches it off.",
        Example = "^]",
    };

    public static readonly Option NoInterruptSignal = new("pty-no-isig", OptionKind.Flag, OptionCategory.Client)
    {
        WithoutEffect = "the client always passes Ctrl-C and its like on to the program.",
    };

    private static readonly Option[] ClientOptions = [Connect, UwsgiConnect, Raw, Escape, NoInterruptSignal];
}
