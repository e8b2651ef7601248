namespace Forkpty.Screen.Tests;

/// <summary>A terminal of the oracle.</summary>
internal sealed class Oracle : IDisposable
{
    private readonly int _id = OracleProcess.Shared.NewId();

    public Oracle(int rows, int columns, int history) => OracleProcess.Shared.Ask("new", _id, rows, columns, history);

    public string State => OracleProcess.Shared.Ask("state", _id)!;

    public string Hash => OracleProcess.Shared.Ask("hash", _id)!;

    /// <summary>What it has answered to questions.</summary>
    public string Answers => OracleProcess.Shared.Ask("answers", _id)!;

    /// <summary>Its decoder loses some characters that are cut between two writes, so pieces end between characters.</summary>
    public void Write(ReadOnlySpan<byte> output) => OracleProcess.Shared.Ask("write", _id, Convert.ToBase64String(output));

    public void Resize(int rows, int columns) => OracleProcess.Shared.Ask("resize", _id, rows, columns);

    public void Dispose() => OracleProcess.Shared.Ask("drop", _id);
}
