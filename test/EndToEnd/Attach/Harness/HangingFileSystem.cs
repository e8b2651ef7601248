using System.Diagnostics;

namespace Forkpty.EndToEnd.Attach;

/// <summary>A FUSE in a target that never answers.</summary>
public static class HangingFileSystem
{
    /// <summary>Mounts it; it hangs as long as the process lives, which is a minute.</summary>
    public static async Task<Process> MountAsync(RunningTarget target, string place)
    {
        using var directory = new TempDirectory();
        var script = directory.Write("hang.py", $"""
            import ctypes, os, sys, time
            libc = ctypes.CDLL(None, use_errno=True)
            p = os.open('/proc/{target.ProcessId}/ns/mnt', os.O_RDONLY)
            f = os.open('/dev/fuse', os.O_RDWR)
            assert libc.setns(p, 0x20000) == 0
            os.chroot('/proc/{target.ProcessId}/root') if os.path.exists('/proc/{target.ProcessId}/root') else os.chroot('{target.Root.Path}')
            os.makedirs('{place}', exist_ok=True)
            options = ('fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other' % f).encode()
            assert libc.mount(b'hang', b'{place}', b'fuse.hang', 0, options) == 0, os.strerror(ctypes.get_errno())
            print('mounted', flush=True)
            time.sleep(60)
            """);
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true };
        start.ArgumentList.Add(script);
        var fuse = Process.Start(start)!;
        var line = await fuse.StandardOutput.ReadLineAsync();
        if (line != "mounted")
        {
            fuse.Dispose();
            Assert.Skip("FUSE cannot be mounted here");
        }

        return fuse;
    }
}
