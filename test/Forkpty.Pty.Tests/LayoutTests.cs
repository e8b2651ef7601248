using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Forkpty.Interop;
using Forkpty.Protocol;
using Xunit;

namespace Forkpty.Tests;

/// <summary>Every number we took from a C header, said again to a C compiler.</summary>
public sealed class LayoutTests
{
    private const BindingFlags AllStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private const string Headers = """
        #define _GNU_SOURCE
        #include <dirent.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <limits.h>
        #include <linux/close_range.h>
        #include <linux/magic.h>
        #include <linux/nsfs.h>
        #include <linux/openat2.h>
        #include <netinet/in.h>
        #include <netinet/tcp.h>
        #include <poll.h>
        #include <sched.h>
        #include <signal.h>
        #include <spawn.h>
        #include <stddef.h>
        #include <sys/auxv.h>
        #include <sys/epoll.h>
        #include <sys/eventfd.h>
        #include <sys/file.h>
        #include <sys/inotify.h>
        #include <sys/ioctl.h>
        #include <sys/mman.h>
        #include <sys/mount.h>
        #include <sys/param.h>
        #include <sys/prctl.h>
        #include <sys/resource.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/statfs.h>
        #include <sys/syscall.h>
        #include <sys/un.h>
        #include <sys/wait.h>
        #include <termios.h>
        #include <time.h>
        #include <unistd.h>

        """;

    /// <summary>Constants of ours that C has under another name.</summary>
    private static readonly Dictionary<string, string> Expressions = new()
    {
        ["AllSeals"] = "F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE",
        ["MostDescriptors"] = "6", // our own bound
        ["readlink_max"] = "PATH_MAX", // longer ones the kernel does not give
        ["MFD_EXEC"] = "0x10", // Linux 6.3
        ["RLIMITS"] = "RLIM_NLIMITS",
        ["SIGRTMAX"] = "_NSIG - 1",
        ["unchanged_id"] = "(uid_t)-1",
        ["siginfo_size"] = "sizeof(siginfo_t)",
        ["statx_size"] = "sizeof(struct statx)",
        ["statfs_size"] = "sizeof(struct statfs)",
        ["dirent_reclen_offset"] = "offsetof(struct dirent64, d_reclen)",
        ["dirent_type_offset"] = "offsetof(struct dirent64, d_type)",
        ["dirent_name_offset"] = "offsetof(struct dirent64, d_name)",
        ["inotify_event_size"] = "sizeof(struct inotify_event)",
        ["inotify_event_len_offset"] = "offsetof(struct inotify_event, len)",
        ["sigset_size"] = "sizeof(sigset_t)",
        ["posix_spawnattr_size"] = "sizeof(posix_spawnattr_t)",
        ["posix_spawn_file_actions_size"] = "sizeof(posix_spawn_file_actions_t)",
        ["epoll_event_size"] = "sizeof(struct epoll_event)",
        ["epoll_data_offset"] = "offsetof(struct epoll_event, data)",
    };

    [Fact(Timeout = 150_000)]
    public Task Constants_have_the_values_of_the_C_headers()
    {
        var assertions = new StringBuilder();
        FieldInfo[] numbers = [.. typeof(Libc).GetFields(AllStatic).Where(field => field.IsLiteral || field.IsInitOnly)];
        Assert.True(numbers.Length > 90, $"Only {numbers.Length} constants were found.");
        foreach (FieldInfo number in numbers)
            Require(assertions, Expressions.GetValueOrDefault(number.Name, number.Name), number.GetValue(null)!);
        foreach (Errno error in Enum.GetValues<Errno>())
            Require(assertions, error.ToString(), (int)error);
        return CompilerAgrees(assertions);
    }

    [Fact(Timeout = 150_000)]
    public Task Structures_have_the_layout_of_the_C_headers()
    {
        var assertions = new StringBuilder();
        var termios = default(Libc.termios);
        Structure<Libc.termios>(
            assertions,
            "struct termios",
            ("c_iflag", Offset(ref termios, ref termios.c_iflag)),
            ("c_oflag", Offset(ref termios, ref termios.c_oflag)),
            ("c_cflag", Offset(ref termios, ref termios.c_cflag)),
            ("c_lflag", Offset(ref termios, ref termios.c_lflag)),
            ("c_line", Offset(ref termios, ref termios.c_line)),
            ("c_cc", Offset(ref termios, ref termios.c_cc)),
            ("c_ispeed", Offset(ref termios, ref termios.c_ispeed)),
            ("c_ospeed", Offset(ref termios, ref termios.c_ospeed)));
        var winsize = default(Libc.winsize);
        Structure<Libc.winsize>(
            assertions,
            "struct winsize",
            ("ws_row", Offset(ref winsize, ref winsize.ws_row)),
            ("ws_col", Offset(ref winsize, ref winsize.ws_col)),
            ("ws_xpixel", Offset(ref winsize, ref winsize.ws_xpixel)),
            ("ws_ypixel", Offset(ref winsize, ref winsize.ws_ypixel)));
        var rlimit = default(Libc.rlimit);
        Structure<Libc.rlimit>(
            assertions,
            "struct rlimit",
            ("rlim_cur", Offset(ref rlimit, ref rlimit.rlim_cur)),
            ("rlim_max", Offset(ref rlimit, ref rlimit.rlim_max)));
        var pollfd = default(Libc.pollfd);
        Structure<Libc.pollfd>(
            assertions,
            "struct pollfd",
            ("fd", Offset(ref pollfd, ref pollfd.fd)),
            ("events", Offset(ref pollfd, ref pollfd.events)),
            ("revents", Offset(ref pollfd, ref pollfd.revents)));
        var timespec = default(Libc.timespec);
        Structure<Libc.timespec>(
            assertions,
            "struct timespec",
            ("tv_sec", Offset(ref timespec, ref timespec.tv_sec)),
            ("tv_nsec", Offset(ref timespec, ref timespec.tv_nsec)));
        var ucred = default(Libc.ucred);
        Structure<Libc.ucred>(
            assertions,
            "struct ucred",
            ("pid", Offset(ref ucred, ref ucred.pid)),
            ("uid", Offset(ref ucred, ref ucred.uid)),
            ("gid", Offset(ref ucred, ref ucred.gid)));
        Require(assertions, "sizeof(((struct termios *)0)->c_cc)", Unsafe.SizeOf<Libc.cc_t32>());
        return CompilerAgrees(assertions);
    }

    /// <summary>Where the code reads or writes bytes at a place it names by number: <c>waitid_pidfd</c>, <c>ReadState</c>, <c>SocketAddresses</c>.</summary>
    [Theory(Timeout = 150_000)]
    [InlineData("offsetof(siginfo_t, si_code)", 2 * 4)]
    [InlineData("offsetof(siginfo_t, si_pid)", 4 * 4)]
    [InlineData("offsetof(siginfo_t, si_status)", 6 * 4)]
    [InlineData("offsetof(struct statx, stx_uid)", 20)]
    [InlineData("offsetof(struct statx, stx_gid)", 24)]
    [InlineData("offsetof(struct statx, stx_mode)", 28)]
    [InlineData("sizeof(((struct statx *)0)->stx_mode)", 2)]
    [InlineData("offsetof(struct statx, stx_ino)", 32)]
    [InlineData("offsetof(struct statx, stx_dev_major)", 136)]
    [InlineData("offsetof(struct statx, stx_dev_minor)", 140)]
    [InlineData("offsetof(struct statfs, f_type)", 0)]
    [InlineData("sizeof(((struct statfs *)0)->f_type)", 8)]
    [InlineData("offsetof(struct sockaddr_un, sun_path)", 2)]
    [InlineData("sizeof(((struct sockaddr_un *)0)->sun_path) - 1", RouterAddress.MaxUnixPathBytes)]
    [InlineData("AF_UNIX", SocketAddresses.Unix)]
    [InlineData("AF_INET", SocketAddresses.Internet)]
    [InlineData("AF_INET6", SocketAddresses.Internet6)]
    [InlineData("sizeof(struct iovec)", 16)]
    [InlineData("offsetof(struct iovec, iov_len)", 8)]
    [InlineData("sizeof(struct msghdr)", 56)]
    [InlineData("offsetof(struct msghdr, msg_namelen)", 8)]
    [InlineData("offsetof(struct msghdr, msg_iov)", 16)]
    [InlineData("offsetof(struct msghdr, msg_iovlen)", 24)]
    [InlineData("offsetof(struct msghdr, msg_control)", 32)]
    [InlineData("offsetof(struct msghdr, msg_controllen)", 40)]
    [InlineData("offsetof(struct msghdr, msg_flags)", 48)]
    [InlineData("sizeof(struct cmsghdr)", 16)]
    [InlineData("offsetof(struct cmsghdr, cmsg_level)", 8)]
    [InlineData("offsetof(struct cmsghdr, cmsg_type)", 12)]
    [InlineData("sizeof(struct sockaddr_in)", 16)]
    [InlineData("offsetof(struct sockaddr_in, sin_port)", 2)]
    [InlineData("offsetof(struct sockaddr_in, sin_addr)", 4)]
    [InlineData("sizeof(struct sockaddr_in6)", 28)]
    [InlineData("offsetof(struct sockaddr_in6, sin6_addr)", 8)]
    [InlineData("offsetof(struct sockaddr_in6, sin6_scope_id)", 24)]
    public Task Places_in_memory_are_those_of_the_C_headers(string expression, int value)
    {
        var assertions = new StringBuilder();
        Require(assertions, expression, value);
        return CompilerAgrees(assertions);
    }

    private static void Structure<T>(StringBuilder assertions, string name, params (string Field, int Offset)[] fields)
        where T : struct
    {
        Assert.Equal(typeof(T).GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length, fields.Length);
        Require(assertions, $"sizeof({name})", Unsafe.SizeOf<T>());
        foreach ((string field, int offset) in fields)
            Require(assertions, $"offsetof({name}, {field})", offset);
    }

    private static int Offset<TStructure, TField>(ref TStructure start, ref TField field) =>
        (int)Unsafe.ByteOffset(ref Unsafe.As<TStructure, byte>(ref start), ref Unsafe.As<TField, byte>(ref field));

    private static void Require(StringBuilder assertions, string expression, object value) =>
        assertions.AppendLine(CultureInfo.InvariantCulture, $"_Static_assert(({expression}) == ({value}), \"{expression} is not {value}\");");

    private static async Task CompilerAgrees(StringBuilder assertions)
    {
        using Process compiler = Process.Start(new ProcessStartInfo("gcc", ["-fsyntax-only", "-x", "c", "-"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        await compiler.StandardInput.WriteAsync(Headers + assertions);
        compiler.StandardInput.Close();
        string errors = await compiler.StandardError.ReadToEndAsync();
        await compiler.WaitForExitAsync();
        Assert.True(compiler.ExitCode == 0, errors);
    }
}
