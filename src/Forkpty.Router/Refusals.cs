using System.Text;
using Forkpty.Interop;

namespace Forkpty;

/// <summary>What a client reads where there is no program for it: one sentence.</summary>
internal static class Refusals
{
    public static ReadOnlySpan<byte> TooManyFiles =>
        "fpty: the router has no file descriptor left for another session; end one, or raise its limit (max-fd)\r\n"u8;

    public static byte[] CannotStart(KernelException reason, string program) => Encoding.UTF8.GetBytes(reason.Error switch
    {
        Errno.EMFILE or Errno.ENFILE => Encoding.UTF8.GetString(TooManyFiles),
        Errno.ENOSPC when reason.Call == "open" => "fpty: no terminal is left for another session; end one, or raise kernel.pty.max\r\n",
        Errno.ENOENT when reason.Call == "exec" => $"fpty: cannot run {program}: there is no such file, or its interpreter is missing\r\n",
        Errno.EACCES when reason.Call == "exec" => $"fpty: cannot run {program}: it is not executable for this user\r\n",
        _ => $"fpty: cannot start {program}: {reason.Message}\r\n",
    });
}
