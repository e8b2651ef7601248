using System.Globalization;

namespace Forkpty.Protocol;

/// <summary>A listening socket that the process was started with, by its descriptor's number.</summary>
public sealed record InheritedAddress : RouterAddress
{
    internal InheritedAddress(int descriptor) => Descriptor = descriptor;

    /// <summary>The number of the descriptor, 0 or more.</summary>
    public int Descriptor { get; }

    /// <inheritdoc/>
    public override bool IsLoopback => false;

    private protected override string Text => string.Create(CultureInfo.InvariantCulture, $"fd://{Descriptor}");
}
