using Forkpty.Interop;

namespace Forkpty.Sessions;

/// <content>The router's own input, as that of one more client.</content>
internal sealed partial class SharedTerminal
{
    private int _localSlot = -1;

    private void WatchLocalInput(int descriptor)
    {
        try
        {
            _localSlot = Lane.Loop.Add(descriptor, Libc.EPOLLIN, this, LocalInput);
        }
        catch (KernelException)
        {
            _router.Log.SharedTerminal("the router's own input is a file and is not read; use a terminal or a pipe");
        }
    }

    private void ReadLocalInput()
    {
        if (!WantsInput) return;
        nint count = Libc.read(_options.Input!.Value, Lane.Loop.Buffers.Scratch.AsSpan(0, _input.Room));
        if (count > 0)
            Input(Lane.Loop.Buffers.Scratch.AsSpan(0, (int)count));
        else if (count != -(nint)Errno.EAGAIN)
            Lane.Loop.Remove(ref _localSlot);
    }
}
