namespace Forkpty.Protocol;

/// <summary>What the bytes from a client mean.</summary>
public enum WireMode
{
    /// <summary>The bytes are what a person types.</summary>
    Raw,

    /// <summary>The bytes are packets of uWSGI's protocol: input, signals, window sizes. Towards the client they are the output, unframed.</summary>
    Uwsgi,
}
