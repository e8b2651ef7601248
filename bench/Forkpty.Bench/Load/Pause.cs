using Forkpty.Interop;

namespace Forkpty.Bench;

/// <summary>Waiting that costs one system call: poll(2) on nothing.</summary>
internal static class Pause
{
    public static void Milliseconds(int milliseconds) => Libc.poll([], milliseconds);
}
