"""A terminal for a test: runs a command on a new pty, as a terminal emulator would, and keeps the pty after its end.

stdin   frames: one letter, a length (u32 little-endian), the payload.
          i  bytes typed            w  rows and columns (two u16), set at once
          k  signal number (u8)     t  tell the terminal's settings
          h  hang up: close the terminal
stdout  what the command puts out.
stderr  lines: "tty PATH", "pid N", "settings ...", "exit N BYTES" or "signal N BYTES", with what was put out until then.
"""
import fcntl, os, select, signal, struct, sys, termios


def tell(line):
    os.write(2, (line + "\n").encode())


def settings():
    tell("settings " + repr(termios.tcgetattr(slave)[:4]))


rows, columns = int(sys.argv[1]), int(sys.argv[2])
command = sys.argv[3:]
master, slave = os.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
tell("tty " + os.ttyname(slave))
settings()
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(slave, fd)
    os.closerange(3, 1024)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, ("%s: %s\n" % (command[0], error.strerror)).encode())
        os._exit(127)
tell("pid %d" % pid)
child = os.pidfd_open(pid)
os.set_blocking(master, False)
poll = select.poll()
poll.register(0, select.POLLIN)
poll.register(child, select.POLLIN)
pending, frames, running, shown = b"", b"", True, 0


def drain():
    global shown
    while True:
        try:
            data = os.read(master, 65536)
        except (BlockingIOError, OSError):
            return
        if not data:
            return
        shown += len(data)
        while data:
            data = data[os.write(1, data):]


while True:
    poll.register(master, select.POLLIN | (select.POLLOUT if pending else 0))
    events = dict(poll.poll())
    if master in events:
        if pending and events[master] & select.POLLOUT:
            try:
                pending = pending[os.write(master, pending):]
            except BlockingIOError:
                pass
        drain()
    if child in events and running:
        _, status = os.waitpid(pid, 0)
        drain()
        running = False
        poll.unregister(child)
        tell("%s %d" % (("signal %d" % os.WTERMSIG(status) if os.WIFSIGNALED(status) else "exit %d" % os.WEXITSTATUS(status)), shown))
    if 0 in events:
        data = os.read(0, 65536)
        if not data:
            if running:
                os.kill(pid, signal.SIGKILL)
            sys.exit(0)
        frames += data
        while len(frames) >= 5:
            size = struct.unpack("<I", frames[1:5])[0]
            if len(frames) < 5 + size:
                break
            kind, payload, frames = frames[:1], frames[5:5 + size], frames[5 + size:]
            if kind == b"i":
                pending += payload
            elif kind == b"w":
                fcntl.ioctl(master, termios.TIOCSWINSZ, payload + b"\0\0\0\0")
            elif kind == b"k" and running:
                os.kill(pid, payload[0])
            elif kind == b"t":
                settings()
            elif kind == b"h":
                poll.unregister(master)
                os.close(slave)
                os.close(master)
                os.waitpid(pid, 0) if running else None
                tell("hung up")
                sys.exit(0)
