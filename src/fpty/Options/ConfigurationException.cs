namespace Forkpty.Options;

/// <summary>The command line or a file is wrong. The message is for the person who wrote it, one line for each error found.</summary>
internal sealed class ConfigurationException : Exception
{
    public ConfigurationException(string message)
        : base(message)
    {
    }

    public ConfigurationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
