using System.Globalization;
using System.Text;
using Forkpty.Interop;
using Microsoft.Extensions.Logging;

namespace Forkpty.Serving;

/// <summary>
/// A line per event on standard error, which logto may have turned to a file. Under systemd the journal has the time, so the line has none.
/// A reader that does not read loses lines; it never makes the router wait.
/// </summary>
internal sealed class TextLog : ILogger
{
    /// <summary>DEVICE:INODE of the journal's stream; systemd.exec(5).</summary>
    private static readonly string? JournalStream = Environment.GetEnvironmentVariable("JOURNAL_STREAM");

    /// <summary>Not where standard error was the journal once and is a log file by now.</summary>
    private static bool IsJournal =>
        JournalStream is not null && Libc.fstat(2, out Libc.FileState state) == 0 && JournalStream == string.Create(CultureInfo.InvariantCulture, $"{state.Device}:{state.Inode}");

    /// <summary>A terminal that somebody else has in raw mode, such as the client of `fpty try`, does not go back to the left at a line's end by itself.</summary>
    private static bool IsRawTerminal => Libc.tcgetattr(2, out Libc.termios settings) == 0 && (settings.c_oflag & Libc.OPOST) == 0;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Write(formatter(state, exception));
    }

    /// <summary>A client's program may be called anything; it must not write lines of its own into the log.</summary>
    private static string OneLine(string message)
    {
        foreach (char c in message)
        {
            if (char.IsControl(c))
                return string.Create(message.Length, message, static (line, text) =>
                {
                    for (int i = 0; i < line.Length; i++)
                        line[i] = char.IsControl(text[i]) ? '?' : text[i];
                });
        }

        return message;
    }

    public static void Write(string message)
    {
        string time = IsJournal ? "" : DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z '", CultureInfo.InvariantCulture);
        LossyOutput.Write(2, Encoding.UTF8.GetBytes($"{time}fpty: {OneLine(message)}{(IsRawTerminal ? "\r\n" : "\n")}"));
    }
}
