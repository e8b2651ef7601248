namespace Forkpty.Client;

/// <summary>A router cannot be asked, or does not do what it was asked for. The message is a sentence for a person, without a final dot.</summary>
public sealed class RouterException : IOException
{
    internal RouterException(string message, string? refusal = null)
        : base(message) => Refusal = refusal;

    /// <summary>The router's word for why it refused, as docs/protocol.md lists them; null where it was not asked, or did not answer.</summary>
    public string? Refusal { get; }
}
