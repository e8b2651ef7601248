using System.Runtime.InteropServices;
using Forkpty.Interop;

namespace Forkpty.Client;

/// <summary>The signals that concern a client, made readable on a descriptor. While it lives, none of them ends the process.</summary>
internal sealed class SignalWatch : IDisposable
{
    private readonly SafeFd _event;
    private readonly PosixSignalRegistration[] _registrations;
    private int _arrived; // bit N: signal N

    /// <exception cref="IOException">There is no descriptor or thread left for it.</exception>
    public SignalWatch()
    {
        _event = new SafeFd(KernelException.Check(Libc.eventfd(), "eventfd", "the client"));
        try
        {
            _registrations =
            [
                Watch(Libc.SIGHUP),
                Watch(Libc.SIGINT),
                Watch(Libc.SIGQUIT),
                Watch(Libc.SIGTERM),
                Watch(Libc.SIGCONT),
                Watch(Libc.SIGWINCH),
            ];
        }
        catch (TypeInitializationException failure) // the runtime makes a pipe and a thread for the first
        {
            _event.Dispose();
            throw new IOException("cannot watch for signals, which takes two descriptors and a thread; raise the limits (ulimit -n, ulimit -u, pids.max) or end some processes", failure);
        }
    }

    /// <summary>Readable where a signal has arrived.</summary>
    public int Descriptor => _event.Value;

    /// <summary>The first signal that has arrived and ends the client, or 0; it is not taken.</summary>
    public int Ending => new Signals(Volatile.Read(ref _arrived)).Ending;

    /// <summary>The signals that have arrived since the last time.</summary>
    public Signals Take()
    {
        Span<byte> count = stackalloc byte[sizeof(ulong)];
        _ = Libc.read(_event.Value, count);
        return new Signals(Interlocked.Exchange(ref _arrived, 0));
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _event.Dispose();
    }

    // A PosixSignal of 0 or more is a number of this system.
    private PosixSignalRegistration Watch(int number) => PosixSignalRegistration.Create((PosixSignal)number, context =>
    {
        context.Cancel = true;
        Interlocked.Or(ref _arrived, 1 << number);
        Announce();
    });

    private void Announce()
    {
        Span<byte> one = stackalloc byte[sizeof(ulong)];
        BitConverter.TryWriteBytes(one, 1UL);
        try
        {
            using SafeFd.Lease arrived = _event.Hold();
            _ = Libc.write(arrived.Value, one);
        }
        catch (ObjectDisposedException)
        {
            // It came while this was disposed: nobody waits for it, and the descriptor's number may be somebody else's by now.
        }
    }

    /// <summary>A set of signals.</summary>
    internal readonly record struct Signals(int Bits)
    {
        /// <summary>The first one that ends the client, or 0.</summary>
        public int Ending =>
            Has(Libc.SIGHUP) ? Libc.SIGHUP :
            Has(Libc.SIGTERM) ? Libc.SIGTERM :
            Has(Libc.SIGQUIT) ? Libc.SIGQUIT :
            Has(Libc.SIGINT) ? Libc.SIGINT : 0;

        public bool Has(int number) => (Bits & (1 << number)) != 0;
    }
}
