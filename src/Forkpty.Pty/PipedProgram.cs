using Forkpty.Interop;

namespace Forkpty;

/// <summary>
/// A program without a terminal: its leader, and our ends of the three pipes, non-blocking and close-on-exec. Disposing it closes the
/// pipes: the program reads the end of its input, and gets SIGPIPE where it goes on writing.
/// </summary>
internal sealed class PipedProgram(Leader leader, SafeFd input, SafeFd output, SafeFd errors) : IDisposable
{
    public Leader Leader { get; } = leader;

    /// <summary>Written to by us. Disposing it is the end of the program's input; a write says EPIPE once nobody reads.</summary>
    public SafeFd Input { get; } = input;

    /// <summary>Standard output. A read says 0 once every process has closed it.</summary>
    public SafeFd Output { get; } = output;

    /// <summary>Standard error, as <see cref="Output"/>.</summary>
    public SafeFd Errors { get; } = errors;

    public void Dispose()
    {
        Input.Dispose();
        Output.Dispose();
        Errors.Dispose();
        Leader.Dispose();
    }
}
