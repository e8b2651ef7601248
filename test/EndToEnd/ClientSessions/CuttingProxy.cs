using System.Net.Sockets;

namespace Forkpty.EndToEnd.ClientSessions;

/// <summary>Stands between a client and its router, and cuts their connection in the middle of anything, as a network does.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    // Bytes in which the session has certainly been opened: before that there is nothing to come back to.
    private const int AfterTheToken = 2_000;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _router;
    private readonly Random _random;
    private readonly int _cuts;
    private readonly long _leastBetween;
    private readonly long _mostBetween;
    private long _passed;
    private readonly Task _serving;

    /// <param name="address">Where the client connects.</param>
    /// <param name="router">Where the router listens.</param>
    /// <param name="cuts">How many connections are cut.</param>
    /// <param name="mostBetween">Bytes of both directions after which one is cut, at most.</param>
    /// <param name="seed">For what is left to chance.</param>
    /// <param name="leastBetween">At least so many.</param>
    public CuttingProxy(string address, string router, int cuts, long mostBetween, int seed, long leastBetween = 1)
    {
        (_router, _cuts, _leastBetween, _mostBetween, _random) = (router, cuts, leastBetween, mostBetween, new Random(seed));
        _listener.Bind(new UnixDomainSocketEndPoint(address));
        _listener.Listen();
        _serving = ServeAsync();
    }

    /// <summary>How many connections were cut.</summary>
    public int Cut { get; private set; }

    /// <summary>How many bytes have gone through, both ways.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await Task.WhenAny(_serving, Task.Delay(2_000));
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            using (client)
            using (var router = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            {
                await router.ConnectAsync(new UnixDomainSocketEndPoint(_router));
                var least = Math.Max(_leastBetween, Cut == 0 ? AfterTheToken : 1);
                var left = Cut < _cuts ? _random.NextInt64(least, _mostBetween) : long.MaxValue;
                var both = new Budget(left);
                Task[] pumps = [PumpAsync(client, router, both), PumpAsync(router, client, both)];
                await Task.WhenAny(pumps);
                if (both.IsSpent)
                    Cut++;
                else
                    await Task.WhenAny(Task.WhenAll(pumps), Task.Delay(5_000)); // an end: the rest may go through
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Budget budget)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int count; (count = await from.ReceiveAsync(buffer)) > 0;)
            {
                var allowed = budget.Take(count);
                Interlocked.Add(ref _passed, allowed);
                for (var sent = 0; sent < allowed;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, allowed - sent));
                if (allowed < count)
                    return;
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other direction has ended it.
        }
    }

    private sealed class Budget(long left)
    {
        private long _left = left;

        public bool IsSpent => Interlocked.Read(ref _left) < 0;

        public int Take(int count)
        {
            var after = Interlocked.Add(ref _left, -count);
            return after >= 0 ? count : (int)Math.Max(0, count + after);
        }
    }
}
