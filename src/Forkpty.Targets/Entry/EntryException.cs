namespace Forkpty.Targets;

/// <summary>A target cannot be entered. The message says why and what to do, as a sentence without a final dot, in which no name that the target has made speaks to a terminal.</summary>
internal sealed class EntryException : IOException
{
    internal EntryException(string message, string reason = "refused", int errno = 0)
        : base(Readable.Of(message, int.MaxValue))
    {
        Reason = reason;
        Errno = errno;
    }

    /// <summary>
    /// A word for programs: <c>gone</c> (the target has ended or is another by now), <c>late</c> (no answer within the deadline), <c>no-shell</c>, <c>no-command</c>, <c>no-user</c>,
    /// <c>given-up</c> (whoever asked for it does not wait any longer), <c>confinement</c> (something of it cannot be matched), <c>permission</c>, or <c>refused</c>.
    /// </summary>
    public string Reason { get; }

    /// <summary>The kernel's error where there was one, else 0; errno(3).</summary>
    public int Errno { get; }
}
