using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// sys/inotify.h
internal static unsafe partial class Libc
{
    public const uint IN_MODIFY = 2;
    public const uint IN_MOVED_TO = 0x80;
    public const uint IN_CREATE = 0x100;
    public const uint IN_DELETE = 0x200;

    private const int inotify_event_size = 16; // without the name
    private const int inotify_event_len_offset = 12;

    /// <summary>A descriptor that is readable once something has happened in a watched directory; non-blocking, close-on-exec. inotify(7).</summary>
    public static int inotify_init() => Result(_inotify_init1(O_NONBLOCK | O_CLOEXEC));

    public static int inotify_add_watch(int inotify, string path, uint events) => Result(_inotify_add_watch(inotify, path, events));

    /// <summary>Takes the first event off what was read, and tells the watch it is of, -1 where some were lost. False at the end.</summary>
    public static bool next_inotify_event(ref ReadOnlySpan<byte> events, out int watch)
    {
        watch = -1;
        if (events.Length < inotify_event_size) return false;
        watch = MemoryMarshal.Read<int>(events);
        int name = MemoryMarshal.Read<int>(events[inotify_event_len_offset..]);
        events = events[Math.Min(inotify_event_size + name, events.Length)..];
        return true;
    }

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int _inotify_init1(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _inotify_add_watch(int inotify, string path, uint events);
}
