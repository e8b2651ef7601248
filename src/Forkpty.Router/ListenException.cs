namespace Forkpty;

/// <summary>A socket cannot be listened on. The message says why and what to do.</summary>
public sealed class ListenException : IOException
{
    internal ListenException(string message)
        : base(message)
    {
    }
}
