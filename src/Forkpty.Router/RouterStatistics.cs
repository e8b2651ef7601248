namespace Forkpty;

/// <summary>What a router has done since it started. The numbers of a running router may be a moment old.</summary>
public sealed record RouterStatistics
{
    /// <summary>When the router started.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Sessions that are there now.</summary>
    public required long ActiveSessions { get; init; }

    /// <summary>Sessions that were begun; a connection that only asks questions is none.</summary>
    public required long Sessions { get; init; }

    /// <summary>Connections that got no program.</summary>
    public required long Refused { get; init; }

    /// <summary>Bytes from clients, headers included.</summary>
    public required long BytesIn { get; init; }

    /// <summary>Bytes of output.</summary>
    public required long BytesOut { get; init; }

    /// <summary>Packets without meaning, ignored.</summary>
    public required long UnknownPackets { get; init; }

    /// <summary>Event loops that run now.</summary>
    public required int Loops { get; init; }
}
