namespace Forkpty.Options;

internal static partial class OptionTable
{
    public static readonly Option SharedSocket = new("pty-socket", OptionKind.Address, OptionCategory.SharedPty)
    {
        Help = "One terminal for all who connect to this socket: each sees its output, each can type.",
        Example = "/run/shared.socket",
        Differs = "A client that does not read is dropped instead of stopping all others.",
    };

    public static readonly Option SharedCommand = new("pty-exec", OptionKind.Text, OptionCategory.SharedPty)
    {
        Help = "The program on the shared terminal.",
        Example = "/bin/bash",
    };

    public static readonly Option SharedLog = new("pty-log", OptionKind.Flag, OptionCategory.SharedPty)
    {
        Help = "Copy the shared terminal's output to the log too.",
    };

    public static readonly Option SharedInput = new("pty-input", OptionKind.Flag, OptionCategory.SharedPty)
    {
        Help = "Read the router's own standard input into the shared terminal too.",
    };

    private static readonly Option[] SharedPtyOptions = [SharedSocket, SharedCommand, SharedLog, SharedInput];
}
