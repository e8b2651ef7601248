namespace Forkpty.Targets;

/// <summary>No target, or more than one, has the name that was given: a sentence that says what to do.</summary>
public sealed class TargetException : IOException
{
    /// <summary>With the sentence.</summary>
    public TargetException(string message)
        : base(message)
    {
    }

    /// <summary>With the sentence and a cause.</summary>
    public TargetException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Without a sentence.</summary>
    public TargetException()
    {
    }
}
