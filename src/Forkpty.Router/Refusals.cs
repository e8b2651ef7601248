using System.Text;
using Forkpty.Interop;

namespace Forkpty;

/// <summary>What a client reads where there is no program for it: one sentence.</summary>
internal static class Refusals
{
    private const string NoDescriptorLeft = "the router has no file descriptor left for another session; end one, or raise its limit (max-fd)";

    public static ReadOnlySpan<byte> TooManyFiles => TooManyFilesText;

    /// <summary>Made at the start: where no descriptor is left there may be no memory either.</summary>
    private static readonly byte[] TooManyFilesText = Encoding.UTF8.GetBytes($"fpty: {NoDescriptorLeft}\r\n");

    public static byte[] CannotStart(IOException reason, string program) => Encoding.UTF8.GetBytes($"fpty: {Sentence(reason, program)}\r\n");

    public static string Sentence(IOException reason, string program) => reason is not KernelException kernel ? reason.Message : kernel.Error switch
    {
        Errno.EMFILE or Errno.ENFILE => NoDescriptorLeft,
        Errno.ENOSPC when kernel.Call == "open" => "no terminal is left for another session; end one, or raise kernel.pty.max",
        Errno.ENOENT when kernel.Call == "exec" => $"cannot run {program}: there is no such file, or its interpreter is missing",
        Errno.EACCES when kernel.Call == "exec" => $"cannot run {program}: it is not executable for this user",
        _ => $"cannot start {program}: {reason.Message}",
    };
}
