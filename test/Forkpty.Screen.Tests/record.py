#!/usr/bin/env python3
"""Makes the recordings: runs programs on a terminal, types, resizes, and keeps what they put out.

    record.py            all of them
    record.py NAME...    some

A recording is a gzip of lines `R ROWS COLUMNS` and `O LENGTH`, the latter followed by so many bytes. The programs: bash, vim, less, htop, mc, tmux, nano, python3, vttest.
"""
import fcntl
import gzip
import os
import pty
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time

HERE = os.path.dirname(os.path.abspath(__file__))
UP, DOWN, RIGHT, LEFT = b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D"
VT100, VT220 = b"\x1b[?1;2c", b"\x1b[?62;1;2;6;9c"
ANSWERS = {b"\x1b[6n": b"\x1b[1;1R", b"\x1b[5n": b"\x1b[0n"}


def size(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


class Tape:
    def __init__(self, rows, columns):
        self.parts = [b"R %d %d\n" % (rows, columns)]
        self.pending = b""
        self.length = 0

    def output(self, data):
        self.pending += data
        self.length += len(data)

    def flush(self, whole):
        data = self.pending
        end = len(data)
        if not whole:
            # A character of UTF-8 is not cut.
            back = end
            while back > 0 and end - back < 3 and data[back - 1] & 0xC0 == 0x80:
                back -= 1
            if back > 0 and data[back - 1] >= 0xC0:
                lead = data[back - 1]
                need = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
                if end - (back - 1) < need:
                    end = back - 1
        if end:
            self.parts.append(b"O %d\n" % end + data[:end])
        self.pending = data[end:]

    def resize(self, rows, columns):
        self.flush(True)
        self.parts.append(b"R %d %d\n" % (rows, columns))

    def write(self, name):
        self.flush(True)
        with gzip.GzipFile(os.path.join(HERE, "recordings", name + ".rec.gz"), "wb", 9, mtime=0) as out:
            out.write(b"".join(self.parts))
        print("%-12s %8d bytes" % (name, self.length))


def drain(fd, tape, quiet, limit, identity):
    """Reads until nothing has come for so long; questions of the terminal are answered."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        ready, _, _ = select.select([fd], [], [], quiet)
        if not ready:
            return True
        try:
            data = os.read(fd, 65536)
        except OSError:
            return False
        if not data:
            return False
        tape.output(data)
        for question, answer in (ANSWERS | {b"\x1b[c": identity, b"\x1b[0c": identity}).items():
            if question in data:
                os.write(fd, answer)
    return True


def record(name, command, steps, rows=24, columns=80, term="xterm-256color", quiet=0.25, limit=4, identity=VT100):
    work = tempfile.mkdtemp()
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(work)
        environment = {
            "TERM": term, "PATH": os.environ["PATH"], "HOME": work, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PS1": r"\[\e[1;32m\]user\[\e[0m\]:\[\e[34m\]\w\[\e[0m\]$ ",
            "COLORTERM": "truecolor", "TMUX_TMPDIR": work, "SHELL": "/bin/bash",
        }
        size(0, rows, columns)
        os.execvpe(command[0], command, environment)
    size(fd, rows, columns)
    tape = Tape(rows, columns)
    alive = drain(fd, tape, 0.5, limit, identity)
    for step in steps:
        if not alive:
            break
        if isinstance(step, tuple):
            tape.resize(*step)
            size(fd, *step)
        else:
            os.write(fd, step)
        alive = drain(fd, tape, quiet, limit, identity)
    os.close(fd)
    try:
        os.kill(pid, signal.SIGHUP)
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    os.waitpid(pid, 0)
    shutil.rmtree(work, ignore_errors=True)
    tape.write(name)


def bash(*lines):
    return [line.encode() + b"\r" for line in lines]


PYTHON_TEXT = r"""
import re, sys
class Greeter:
    '''Says hello.'''
    def __init__(self, name: str = "world") -> None:
        self.name = name
    def greet(self, times=3):
        for i in range(times):
            print(f"{i}: hello, {self.name}!")  # a comment, Grüße, 漢字
"""

TEXT = "".join("line %03d %s\n" % (i, "lorem ipsum dolor sit amet " * (i % 7)) for i in range(200))
WIDE = "漢字かな交じり文、全角文字。 ｆｕｌｌ　ｗｉｄｔｈ 한국어 🎉🚀👩‍👩‍👧‍👦 🇩🇪 e\u0301 a\u0308\u0323 n\u0303 \u0e01\u0e33 क्षि ✓ → ∑ ½ "

# Without marks, which xterm.js loses where it breaks lines anew.
CELLS = "漢字かな交じり文、全角文字。 ｆｕｌｌ　ｗｉｄｔｈ 한국어 🎉🚀 ✓ → ∑ ½ "


def scenarios():
    make_text = "cat > t.txt <<'EOT'\n" + TEXT + "EOT"
    yield "bash", ["bash", "--norc"], bash(
        "ls -la --color=always /usr | head -60", "for i in $(seq 1 60); do echo -e \"\\e[3$((i%8))m$i\\e[0m $(seq -s ' ' $i $((i*3)) | cut -c1-200)\"; done",
        "printf '%s\\n' '" + WIDE * 3 + "'", "echo a very long command line that is wrapped by readline because it has more characters than there are columns in the terminal",
        ) + [UP, UP, b"\x01", b"echo x; ", b"\x05", b"\x17\x17", b"\r", b"\x12long", b"\x07", b"clear\r", b"seq 1 100\r", b"\x0c", b"cd /usr/li\t\t", b"\x03", b"ls /etc --color\r"], {}
    yield "bash-wide", ["bash", "--norc"], bash(
        *["printf '" + WIDE[i:] + WIDE * (1 + i % 3) + "\\n'" for i in range(0, 40, 3)]) + [b"echo " + WIDE.encode(), b"\x01", RIGHT * 8, b"x", b"\x04", b"\x05", b"\x7f" * 12, b"\r"], {}
    yield "colors", ["bash", "--norc"], bash(
        "for i in $(seq 0 255); do printf '\\e[48;5;%dm%4d\\e[0m' $i $i; done; echo",
        "for i in $(seq 0 79); do printf '\\e[38;2;%d;%d;%d;48:2::%d:%d:%dm#' $((i*3)) $((255-i*3)) $((i*2)) $i $((i*3)) 90; done; printf '\\e[m\\n'",
        "for i in 0 1 2 3 4 5; do printf '\\e[4:%dmunderline %d\\e[58:5:%dmcoloured\\e[58;2;9;99;199mrgb\\e[59mplain\\e[0m ' $i $i $((i+20)); done; echo",
        "printf '\\e[1mbold\\e[2mdim\\e[22m\\e[3mitalic\\e[23m\\e[5mblink\\e[25m\\e[7minverse\\e[27m\\e[8mhidden\\e[28m\\e[9mstruck\\e[29m\\e[53mover\\e[55m\\e[21mdouble\\e[24m\\n'",
        "printf '\\e]8;;http://example.org/a\\e\\\\link\\e]8;;\\e\\\\ and \\e]8;id=x;http://example.org/b;c\\e\\\\another\\e[1mbold\\e]8;;\\e\\\\\\n'",
        "printf '\\e[44m\\e[2Jback\\e[K\\e[5;5H\\e[45mcolour\\e[1K\\e[10;1H\\e[46m\\e[3Lerase\\e[0m\\n'"), {}
    yield "progress", ["bash", "--norc"], bash(
        "for i in $(seq 0 4 100); do printf '\\r[%-50s] %3d%%' $(printf '#%.0s' $(seq 1 $((i/2+1)))) $i; done; echo",
        "for i in $(seq 1 30); do printf 'downloading %d\\n\\e[7m%*s\\e[0m\\e[K\\e[1A\\r' $i $i ''; done; echo; echo",
        "printf '\\e[1;20r\\e[20;1H'; for i in $(seq 1 40); do printf 'package %d\\n' $i; printf '\\e7\\e[24;1H\\e[42;30mProgress: %d%%\\e[0m\\e[K\\e8' $i; done; printf '\\e[r\\e[24;1H'"), {}
    yield "regions", ["bash", "--norc"], bash(
        "clear; for i in $(seq 1 23); do echo line $i; done", "printf '\\e[5;15r\\e[15;1Hbottom\\n\\n\\nafter\\e[5;1H\\eM\\eMabove\\e[8;1H\\e[2L inserted\\e[12;1H\\e[3Mdeleted\\e[r\\e[23;1H'",
        "printf '\\e[3;10r\\e[?6h\\e[2;3Horigin\\e[99;99Hcorner\\e[S\\e[2T\\e[?6l\\e[r\\e[24;1H\\n'", "printf '\\e[10;20Habc\\e[4hinsert\\e[4l\\e[10;1H\\e[3Pdel\\e[5@\\e[10;60H\\e[40X\\e[24;1H\\n'",
        "printf '\\e[3g\\e[5G\\eH\\e[17G\\eH\\r\\tx\\ty\\tz\\e[2Zback\\n'; printf '\\e(0lqqqk\\nx   x\\nmqqqj\\e(B\\n\\e)0\\x0eaaffgg\\x0ftext\\n'",
        "printf '\\e[?7lno wrap at all: %0100d end\\e[?7h\\n'; printf '\\e#8'; printf '\\e[H\\e[?5h\\e[?5l\\e[2J\\e[3J'"), {}
    yield "vim", ["vim", "-u", "NONE", "-N", "-c", "set nu hlsearch incsearch ruler laststatus=2 t_Co=256 title | syntax on"], [
        b":e t.py\r", b"i" + PYTHON_TEXT.encode().replace(b"\n", b"\r"), b"\x1b", b"gg", b"yG", b"5p", b"/self\r", b"nnn", ":%s/hello/Grüße 漢字/g\r".encode(), b"\x06", b"\x02", b"u", b":split\r", b"\x17j",
        b":vsplit\r", b"\x17l", b"G", b"o" + WIDE.encode(), b"\x1b", b"V5k", b">", b"\x16", b"\x1b", b"zt", b"\x05\x05\x05", b"\x19\x19", b":help\r", b"\x06", b"\x06", (30, 100), b"\x06", (20, 60), b"\x02", (24, 80),
        b":q\r", b":set spell\r", b"R" + b"overwritten", b"\x1b", b"dd" * 3, b":!ls -la /\r", b"\r", b":qa!\r"], {}
    yield "less", ["bash", "--norc"], [make_text.encode() + b"\r", b"clear\r", b"less -N t.txt\r", b" ", b" ", b"b", b"/ipsum\r", b"n", b"n", b"G", b"g", b"j" * 5, b"k" * 3, (30, 90), b" ", (20, 60), b" ", b"-S\r", RIGHT, RIGHT, LEFT, b"q",
        b"git --version; man --version; ls -R --color=always /etc | less -R\r", b" ", b" ", b" ", b"d", b"u", b"q"], {}
    # In a namespace of its own, which needs root: the processes of the machine are nobody's business.
    yield "htop", ["unshare", "--pid", "--fork", "--mount-proc", "sh", "-c", "for i in 1 2 3 4 5 6; do sleep 100 & done; bash -c 'sleep 100; :' & htop -d 2"], [b"", b"", DOWN * 4, b"t", b"", b"/bash", b"\x1b", b"\x1bOQ", b"", DOWN, RIGHT, b"\x1b", (35, 110), b"", b"", (20, 70), b"", b"h", b"q", b"I", b"", b"q"], {"quiet": 0.3, "limit": 1}
    yield "mc", ["mc", "-a"], [b"", DOWN * 5, b"\t", DOWN * 3, b"\r", b"\x1b3", DOWN * 8, b"\x1b0", b"\x1b9", RIGHT, DOWN, DOWN, b"\x1b\x1b", b"\x0f", b"ls -la\r", b"\x0f", (30, 100), b"", (24, 80), b"\x1b2", b"\x1b\x1b", b"\x1b?", b"\x1b\x1b", b"\x1b0", b"\r"], {"quiet": 0.4}
    yield "mc-xterm", ["mc"], [b"", DOWN * 5, b"\t", DOWN * 3, b"\r", b"\x1b9", RIGHT, DOWN, b"\x1b\x1b", b"\x1b4", b"hello \xe6\xbc\xa2\xe5\xad\x97", b"\x1b0", b"n", (40, 120), (24, 80), b"\x1b0", b"\r"], {"quiet": 0.4}
    yield "tmux", ["tmux", "-f", "/dev/null", "new-session", "bash --norc"], [b"ls --color /\r", b"\x02%", b"seq 1 50\r", b"\x02\"", b"echo " + WIDE.encode() + b"\r", b"\x02o", b"\x02c", b"vim -u NONE -N\r", b"ihello\r\xe6\xbc\xa2\x1b", b":q!\r", b"\x02w",
        b"q", b"\x02p", (30, 100), b"\x02[", UP * 20, b"q", (24, 80), b"\x02z", b"\x02z", b"\x02,name\r", b"\x02t", b"q", b"\x02:kill-server\r"], {"quiet": 0.35}
    yield "nano", ["nano", "t.txt"], [b"Hello nano, Gr\xc3\xbc\xc3\x9fe \xe6\xbc\xa2\xe5\xad\x97\r" * 30, UP * 10, b"\x0b\x0b\x15\x15", b"\x17nano\r", b"\x19\x16", b"\x07", b"\x16", b"\x18", (30, 100), b"\x1bg10,5\r", (20, 60), b"\x0f", b"\r", b"\x18n"], {}
    yield "python", ["python3"], [b"import sys\r", b"for i in range(30): print(i, '\\x1b[3%dm' % (i % 8) + 'x' * i * 4 + '\\x1b[0m')\r\r", b"print('" + WIDE.encode() + b"' * 4)\r", b"help(str.split)\r", b" ", b"q", b"1/0\r", b"def f():\r  return 1\r\r",
        UP, UP, b"\x01", b"# ", b"\x05", b"\r", b"sys.st\t\t", b"\x03", b"\x04"], {}
    yield "resize", ["bash", "--norc"], bash("for i in $(seq 1 40); do echo $i $(seq -s ' ' 1 $((i*2))); done", "printf '%s\\n' '" + CELLS * 5 + "'") + [
        (24, 60), b"", (24, 100), b"echo a b c\r", (30, 100), (10, 40), b"ls --color /usr/bin | head -50\r", (24, 80), (50, 132), b"echo " + b"w" * 200, (24, 70), (24, 90), b"\r", (20, 81), (24, 79), (12, 33), (24, 80), b"seq 1 30\r", (15, 80), (30, 80), (24, 80)], {}
    yield "vttest-1", ["vttest"], [b"1\r"] + [b"\r"] * 9 + [b"0\r"], {"term": "xterm", "quiet": 0.3}
    yield "vttest-2", ["vttest"], [b"2\r"] + [b"\r"] * 24 + [b"0\r"], {"term": "xterm", "quiet": 0.3}
    yield "vttest-3", ["vttest"], [b"3\r", b"8\r"] + [b"\r"] * 8 + [b"0\r", b"8\r"] + [b"\r"] * 18 + [b"0\r"], {"term": "xterm", "quiet": 0.3}
    yield "vttest-4", ["vttest"], [b"4\r"] + [b"\r"] * 6 + [b"0\r"], {"term": "xterm", "quiet": 0.3}
    # Lights, repetition, three layouts, cursor keys and keypad in each mode (a tab ends one), what a VT100 does not have, answer-back, each control key twice (DEL ends them).
    yield "vttest-5", ["vttest"], [b"5\r", b"1\r"] + [b"\r"] * 6 + [b"2\r", b"a\r", b"aaaa\r", b"\r"] + [each for layout in b"012" for each in (b"3\r", bytes([layout]) + b"\r", b"a", b"A", b"[", b" ", b"\r", b"\r")] + [
        b"4\r", UP, DOWN, RIGHT, LEFT, b"\t", b"\x1bOA", b"\x1bOB", b"\x1bOC", b"\x1bOD", b"\t", b"\x1bA", b"\x1bB", b"\t", b"\r",
        b"5\r", b"1", b"-", b"\r", b"\x1bOP", b"\t", b"\x1bOq", b"\x1bOm", b"\x1bOM", b"\x1bOP", b"\t", b"1", b"\x1bP", b"\t", b"\x1b?q", b"\t", b"\r", b"6\r", b"\r", b"7\r", b"\r",
        b"8\r", b"\"Hello, world\"\r", b"\r", b"9\r"] + [bytes([key]) for key in range(32) for _ in range(2)] + [b"\x7f", b"\r", b"0\r", b"0\r"], {"term": "xterm", "quiet": 0.3}
    # The keys that a VT220 has beyond: the keyboard has another look, and its editing keypad and function keys are in two modes each.
    yield "vttest-5-vt220", ["vttest"], [b"5\r", b"3\r", b"a", b"\r", b"\r", b"6\r"] + [b"\x1b[%d~" % key for key in range(1, 7)] + [b"\t", b"\x1b[2~", b"\t", b"\r", b"7\r"] + [
        b"\x1b[%d~" % key for key in range(11, 35)] + [b"\t", b"\x1b", b"\b", b"\n", b"\x1b[23~", b"\t", b"\r", b"0\r", b"0\r"], {"term": "xterm", "quiet": 0.3, "identity": VT220}
    yield "vttest-6", ["vttest"], [b"6\r", b"1\r", b"\r", b"\r", b"2\r"] + [b"\r"] * 6 + [each for number in b"34567" for each in (bytes([number]) + b"\r", b"\r", b"\r")] + [b"0\r", b"0\r"], {"term": "xterm", "quiet": 0.3}
    yield "vttest-7", ["vttest"], [b"7\r"] + [b"\r"] * 8 + [b"0\r"], {"term": "xterm", "quiet": 0.3}
    yield "vttest-8", ["vttest"], [b"8\r"] + [b"\r"] * 24 + [b"0\r"], {"term": "xterm", "quiet": 0.3}
    yield "vttest-11", ["vttest"], [b"11\r", b"1\r", b"2\r"] + [b"\r"] * 12 + [b"0\r", b"0\r", b"6\r"] + [b"\r"] * 12 + [b"0\r", b"0\r"], {"term": "xterm", "quiet": 0.3}


def main():
    os.makedirs(os.path.join(HERE, "recordings"), exist_ok=True)
    chosen = sys.argv[1:]
    for name, command, steps, options in scenarios():
        if not chosen or name in chosen:
            record(name, command, steps, **options)


main()
