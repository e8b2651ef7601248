namespace Forkpty.Testing;

/// <summary>A program that reads its terminal into a page that nobody gives it: the kernel lets a close of that terminal wait until it is killed.</summary>
public static class FaultingReader
{
    /// <summary>For python3. It says "ready", or "none" where userfaultfd(2) is not there or not for this user, and "waits" from the moment on in which it waits.</summary>
    public const string Script = """
        import ctypes, fcntl, os, select, signal, struct, threading
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        libc = ctypes.CDLL(None, use_errno=True)
        faults = libc.syscall({'x86_64': 323, 'aarch64': 282}[os.uname().machine], os.O_CLOEXEC | os.O_NONBLOCK)
        if faults < 0:
            print('none')
            raise SystemExit
        fcntl.ioctl(faults, 0xc018aa3f, bytearray(struct.pack('<QQQ', 0xAA, 0, 0)))
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
        page = libc.mmap(None, 4096, 3, 0x22, -1, 0)
        fcntl.ioctl(faults, 0xc020aa00, bytearray(struct.pack('<QQQQ', page, 4096, 1, 0)))
        def tell():
            select.select([faults], [], [])
            print('waits', flush=True)
        threading.Thread(target=tell, daemon=True).start()
        print('ready', flush=True)
        libc.read(0, ctypes.c_void_p(page), 100)
        """;
}
