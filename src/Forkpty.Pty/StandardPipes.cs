using Forkpty.Interop;

namespace Forkpty;

/// <summary>The three pipes of a program without a terminal, before it has started. Disposing it closes its ends here, and ours unless they were given to the program; pipe(7).</summary>
internal sealed class StandardPipes : IDisposable
{
    private readonly Pipe _input = Pipe.Open("standard input", weRead: false);
    private readonly Pipe _output;
    private readonly Pipe _errors;

    private StandardPipes()
    {
        try
        {
            _output = Pipe.Open("standard output", weRead: true);
            _errors = Pipe.Open("standard error", weRead: true);
        }
        catch
        {
            _input.Dispose();
            _output?.Dispose();
            throw;
        }
    }

    /// <summary>The program's ends.</summary>
    public SafeFd Input => _input.Theirs;

    /// <inheritdoc cref="Input"/>
    public SafeFd Output => _output.Theirs;

    /// <inheritdoc cref="Input"/>
    public SafeFd Errors => _errors.Theirs;

    /// <exception cref="KernelException">No descriptor is left.</exception>
    public static StandardPipes Open() => new();

    /// <summary>The program that has them now, with our ends.</summary>
    public PipedProgram Take(Leader leader) => new(leader, _input.Take(), _output.Take(), _errors.Take());

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }
}
