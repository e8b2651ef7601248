namespace Forkpty;

/// <summary>What one event loop has counted. Written by that loop alone; others read sums that may be a moment old.</summary>
internal sealed class RouterCounters
{
    public long Accepted;
    public long Refused;
    public long Ended;
    public long BytesIn;
    public long BytesOut;
    public long UnknownPackets;
}
