using Forkpty.Interop;

namespace Forkpty.Client;

/// <summary>The terminal that the client was started in, taken over in raw mode and given back as it was.</summary>
internal sealed class LocalTerminal
{
    private readonly int _fd;
    private readonly bool _isTerminal;
    private Libc.termios _saved;
    private bool _isRaw;

    /// <summary>Looks at a descriptor, normally stdin; changes nothing yet.</summary>
    public LocalTerminal(int fd)
    {
        _fd = fd;
        _isTerminal = Libc.tcgetattr(fd, out _saved) >= 0;
    }

    /// <summary>False for a pipe, a file or /dev/null: then nothing here has any effect.</summary>
    public bool IsTerminal => _isTerminal;

    /// <summary>True while it is taken over.</summary>
    public bool IsRaw => _isRaw;

    /// <summary>The window's size, from the first of stdin, stdout and stderr that is a terminal and knows it; null where none does.</summary>
    public static WindowSize? Size()
    {
        for (int fd = 0; fd <= 2; fd++)
        {
            if (Libc.ioctl_TIOCGWINSZ(fd, out Libc.winsize size) >= 0 && size is { ws_row: > 0, ws_col: > 0 })
                return WindowSize.FromNative(size);
        }

        return null;
    }

    /// <summary>Takes the terminal over, and remembers how it was.</summary>
    public void EnterRaw()
    {
        if (!_isTerminal || _isRaw) return;
        KernelException.Check(Libc.tcgetattr(_fd, out _saved), "tcgetattr", "the terminal");
        _isRaw = true;
        Apply();
    }

    /// <summary>Takes it over again after a stop in which somebody else may have changed it; what was remembered stays.</summary>
    public void EnterRawAgain()
    {
        if (_isRaw) Apply();
    }

    /// <summary>Gives the terminal back as it was. Never fails and never waits; a second time it does nothing.</summary>
    public void Restore()
    {
        if (!_isRaw) return;
        _isRaw = false;

        // In the background the terminal is somebody else's, who has set it up for himself, and tcsetattr would stop us (SIGTTOU).
        int foreground = Libc.ioctl_TIOCGPGRP(_fd);
        if (foreground > 0 && foreground != Libc.getpgrp()) return;
        _ = Libc.tcsetattr(_fd, Libc.TCSANOW, _saved);
    }

    /// <summary>Gives the terminal back, stops this process as Ctrl-Z does, and takes the terminal over when it goes on.</summary>
    public void Suspend(SignalWatch signals)
    {
        Restore();
        _ = Libc.kill(0, Libc.SIGTSTP);

        // The signal may be taken by another thread, so the stop can come a moment later: not raw again before it. Where nobody can
        // be stopped (no shell that could continue us) the wait ends by itself.
        _ = Libc.poll(signals.Descriptor, Libc.POLLIN, 200);
        EnterRaw();
    }

    private void Apply()
    {
        Libc.termios raw = _saved;
        Libc.make_raw(ref raw);
        KernelException.Check(Libc.tcsetattr(_fd, Libc.TCSANOW, raw), "tcsetattr", "the terminal");
    }
}
