using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Forkpty.Protocol;

/// <summary>LISTED: what is known of one session.</summary>
public sealed record SessionInfo
{
    /// <summary>Its name.</summary>
    public string Session { get; init; } = "";

    /// <summary>Its number.</summary>
    public int Id { get; init; }

    /// <summary>The process id of its program.</summary>
    public int Pid { get; init; }

    /// <summary>Program and arguments, as a person would write them; of more than 2,000 characters these are sent.</summary>
    public string Command { get; init; } = "";

    /// <summary>When it started, in seconds since 1970.</summary>
    public long Started { get; init; }

    /// <summary>How many clients are attached.</summary>
    public int Clients { get; init; }

    /// <summary>The terminal's height; 0 without one.</summary>
    public int Rows { get; init; }

    /// <summary>The terminal's width; 0 without one.</summary>
    public int Columns { get; init; }

    /// <summary>What becomes of it when its last driver is gone.</summary>
    public OnDisconnect OnDisconnect { get; init; }

    /// <summary>Whether its program is on a terminal.</summary>
    public bool Terminal { get; init; } = true;

    /// <summary>Seconds without input or output.</summary>
    public long Idle { get; init; }

    /// <summary>The payload.</summary>
    public byte[] ToPayload() => SessionMessage.Write(Write);

    /// <summary>Reads a payload.</summary>
    /// <param name="payload">What came.</param>
    /// <param name="message">The message.</param>
    /// <returns>False where it is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out SessionInfo? message) => SessionMessage.TryRead(payload, Read, out message);

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteString("session", Session);
        json.WriteNumber("id", Id);
        json.WriteNumber("pid", Pid);
        json.WriteString("command", SessionMessage.Readable(Command));
        json.WriteNumber("started", Started);
        json.WriteNumber("clients", Clients);
        json.WriteNumber("rows", Rows);
        json.WriteNumber("columns", Columns);
        json.WriteString("on-disconnect", OnDisconnect.ToString());
        json.WriteBoolean("terminal", Terminal);
        json.WriteNumber("idle", Idle);
    }

    internal static SessionInfo Read(JsonMembers json) => new()
    {
        Session = json.Text("session") ?? "",
        Id = json.Int32("id") ?? 0,
        Pid = json.Int32("pid") ?? 0,
        Command = json.Text("command") ?? "",
        Started = json.Int64("started") ?? 0,
        Clients = json.Int32("clients") ?? 0,
        Rows = json.Int32("rows") ?? 0,
        Columns = json.Int32("columns") ?? 0,
        OnDisconnect = OnDisconnect.TryParse(json.Text("on-disconnect"), out OnDisconnect value) ? value : OnDisconnect.HangUp,
        Terminal = json.Boolean("terminal") ?? true,
        Idle = json.Int64("idle") ?? 0,
    };
}
