using Forkpty.Interop;

namespace Forkpty.Tests;

/// <summary>Tests with programs without a terminal: whatever becomes of a test, its sessions end with it.</summary>
public abstract class PipedTests : IDisposable
{
    private readonly List<PipedProgram> _programs = [];

    public void Dispose()
    {
        foreach (PipedProgram program in _programs.Where(program => !program.Leader.Pidfd.IsClosed))
        {
            foreach (string directory in Directory.GetDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(directory), out int pid) && Libc.getsid(pid) == program.Leader.Pid)
                    _ = Libc.kill(pid, Libc.SIGKILL);
            }

            _ = program.Leader.Signal(Libc.SIGKILL);
            program.Leader.WaitForEnd();
            program.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    private protected PipedProgram Start(PtyCommand command)
    {
        PipedProgram program = Piped.Start(command);
        _programs.Add(program);
        return program;
    }

    private protected PipedProgram Sh(string script) => Start(new PtyCommand("/bin/sh") { Arguments = ["-c", script] });
}
