using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Forkpty.Testing;

/// <summary>
/// The matrix of a case: (client, router, wire). Without limits: our client, uWSGI's client and the test's socket against our router,
/// our client and the test's socket against uWSGI's router, each in raw and in uwsgi mode.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PairsAttribute : DataAttribute
{
    private static readonly (ClientKind, RouterKind)[] All =
    [
        (ClientKind.Fpty, RouterKind.Fpty),
        (ClientKind.Uwsgi, RouterKind.Fpty),
        (ClientKind.Socket, RouterKind.Fpty),
        (ClientKind.Fpty, RouterKind.Uwsgi),
        (ClientKind.Socket, RouterKind.Uwsgi),
    ];

    /// <summary>Only in uwsgi mode: for what raw mode cannot carry.</summary>
    public bool UwsgiModeOnly { get; init; }

    /// <summary>Only with our router: for what uWSGI has not, or where it is shown by a case of its own.</summary>
    public bool OurRouterOnly { get; init; }

    /// <summary>Only with the test's own socket: for what no client program does.</summary>
    public bool SocketOnly { get; init; }

    /// <summary>Only with client programs: for what needs a terminal.</summary>
    public bool OnTerminal { get; init; }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var rows = new List<ITheoryDataRow>();
        foreach (var (client, router) in All)
        {
            if ((OurRouterOnly && router != RouterKind.Fpty)
                || (SocketOnly && client != ClientKind.Socket)
                || (OnTerminal && client == ClientKind.Socket))
                continue;
            foreach (var wire in UwsgiModeOnly ? [Wire.Uwsgi] : Enum.GetValues<Wire>())
                rows.Add(new TheoryDataRow<ClientKind, RouterKind, Wire>(client, router, wire));
        }

        return ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(rows);
    }

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;
}
