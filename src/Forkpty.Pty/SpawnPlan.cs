using System.Runtime.InteropServices;
using System.Text;

namespace Forkpty;

/// <summary>A command in the form posix_spawn(3) takes, made once and used for every start. It is freed when all who hold it have disposed it.</summary>
internal sealed unsafe class SpawnPlan : IDisposable
{
    private readonly List<nint> _strings = [];
    private int _holders = 1; // the one who has made it
    private byte** _argv;
    private byte** _envp;

    public SpawnPlan(PtyCommand command)
    {
        if (command.FileName.Length == 0)
            throw new ArgumentException("The program's name is empty.", nameof(command));
        RefuseNul(command);
        Command = command;
        File = Text(command.FileName);
        WorkingDirectory = command.WorkingDirectory is { } directory ? Text(directory) : null;
        _argv = Vector([command.FileName, .. command.Arguments]);
        _envp = Vector([.. (command.Environment ?? OwnEnvironment.Read()).Select(e => $"{e.Key}={e.Value}")]);
    }

    public PtyCommand Command { get; }

    public byte* File { get; }

    public byte* WorkingDirectory { get; }

    public byte** Argv => _argv;

    public byte** Envp => _envp;

    /// <summary>For a start to come, which disposes it once more.</summary>
    public SpawnPlan Hold()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) != 0) return;
        foreach (nint text in _strings)
            NativeMemory.Free((void*)text);
        _strings.Clear();
        NativeMemory.Free(_argv);
        NativeMemory.Free(_envp);
        _argv = _envp = null;
    }

    /// <summary>A text ends at its first NUL for the program, which would get less than was checked and meant here.</summary>
    private static void RefuseNul(PtyCommand command)
    {
        bool found = command.FileName.Contains('\0') || command.WorkingDirectory?.Contains('\0') == true;
        foreach (string argument in command.Arguments)
            found |= argument.Contains('\0');
        foreach ((string name, string value) in command.Environment ?? new Dictionary<string, string>())
            found |= name.Contains('\0') || value.Contains('\0');
        if (found)
            throw new ArgumentException($"The command '{command.FileName}' has a NUL in its name, arguments, environment or working directory.", nameof(command));
    }

    private byte** Vector(string[] texts)
    {
        byte** vector = (byte**)NativeMemory.Alloc((nuint)(texts.Length + 1), (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Length; i++)
            vector[i] = Text(texts[i]);
        vector[texts.Length] = null;
        return vector;
    }

    private byte* Text(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        byte* text = (byte*)NativeMemory.Alloc((nuint)length + 1);
        Encoding.UTF8.GetBytes(value, new Span<byte>(text, length));
        text[length] = 0;
        _strings.Add((nint)text);
        return text;
    }
}
