using Xunit;

namespace Forkpty.Options.Tests;

/// <summary>A directory for the ini files of one test, gone at its end.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fpty-options-").FullName;

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The settings that a file with this text comes to.</summary>
    public Configuration Read(string text, params string[] options) => CommandLine.Parse([Write("test.ini", text), .. options]).Configuration;

    /// <summary>The message that a file with this text is refused with.</summary>
    public string Refusal(string text, params string[] options) => Assert.Throws<ConfigurationException>(() => Read(text, options)).Message;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
