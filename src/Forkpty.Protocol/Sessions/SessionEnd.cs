using System.Diagnostics.CodeAnalysis;

namespace Forkpty.Protocol;

/// <summary>EXIT: how the program ended, or why the client has to leave while it may go on.</summary>
public sealed record SessionEnd
{
    /// <summary><see cref="Reason"/> where the person, or <c>fpty detach</c>, made the client leave.</summary>
    public const string Detached = "detached";

    /// <summary><see cref="Reason"/> where another driver took the session.</summary>
    public const string Taken = "taken";

    /// <summary><see cref="Reason"/> where somebody ended the session.</summary>
    public const string HungUp = "hung-up";

    /// <summary><see cref="Reason"/> where the router ends.</summary>
    public const string Stopping = "stopping";

    /// <summary>The program's exit code, 0 to 255.</summary>
    public int? Code { get; init; }

    /// <summary>The signal that ended the program.</summary>
    public int? Signal { get; init; }

    /// <summary>Whether that signal dumped core.</summary>
    public bool CoreDumped { get; init; }

    /// <summary>Why the client has to leave, where the program may live on.</summary>
    public string? Reason { get; init; }

    /// <summary>The payload.</summary>
    public byte[] ToPayload() => SessionMessage.Write(json =>
    {
        json.Number("code", Code);
        json.Number("signal", Signal);
        json.Flag("core", CoreDumped);
        json.Text("reason", Reason);
    });

    /// <summary>Reads a payload.</summary>
    /// <param name="payload">What came.</param>
    /// <param name="message">The message.</param>
    /// <returns>False where it is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out SessionEnd? message) => SessionMessage.TryRead(
        payload,
        static json => new SessionEnd
        {
            Code = json.Int32("code"),
            Signal = json.Int32("signal"),
            CoreDumped = json.Boolean("core") ?? false,
            Reason = json.Text("reason"),
        },
        out message);
}
