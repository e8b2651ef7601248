using System.Runtime.InteropServices;
using System.Text;

namespace Forkpty;

/// <summary>A command in the form posix_spawn(3) takes, made once and used for every start.</summary>
internal sealed unsafe class SpawnPlan : IDisposable
{
    private readonly List<nint> _strings = [];
    private byte** _argv;
    private byte** _envp;

    public SpawnPlan(PtyCommand command)
    {
        if (command.FileName.Length == 0 || command.FileName.Contains('\0'))
            throw new ArgumentException("The program's name is empty or has a NUL in it.", nameof(command));
        Command = command;
        File = Text(command.FileName);
        WorkingDirectory = command.WorkingDirectory is { } directory ? Text(directory) : null;
        _argv = Vector([command.FileName, .. command.Arguments]);
        _envp = Vector(command.Environment is { } environment ? [.. environment.Select(e => $"{e.Key}={e.Value}")] : OwnEnvironment());
    }

    public PtyCommand Command { get; }

    public byte* File { get; }

    public byte* WorkingDirectory { get; }

    public byte** Argv => _argv;

    public byte** Envp => _envp;

    public void Dispose()
    {
        foreach (nint text in _strings)
            NativeMemory.Free((void*)text);
        _strings.Clear();
        NativeMemory.Free(_argv);
        NativeMemory.Free(_envp);
        _argv = _envp = null;
    }

    private static string[] OwnEnvironment()
    {
        var variables = new List<string>();
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables.Add($"{variable.Key}={variable.Value}");
        return [.. variables];
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
