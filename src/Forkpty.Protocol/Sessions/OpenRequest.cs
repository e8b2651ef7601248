using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Forkpty.Protocol;

/// <summary>OPEN: a new session, or one to attach to. docs/protocol.md says what each member means.</summary>
public sealed record OpenRequest
{
    /// <summary>The name of the session, or its number; null for a new one without a name.</summary>
    public string? Session { get; init; }

    /// <summary>Whether it has to be new, has to be there, or either.</summary>
    public OpenMode Mode { get; init; }

    /// <summary>Whether the client may only look.</summary>
    public bool IsViewer { get; init; }

    /// <summary>What the program runs inside of, a container or a process that is there already: <c>podman:web-1</c>; null for where the router is.</summary>
    public string? Target { get; init; }

    /// <summary>With <see cref="Target"/>: the user there; null for that of the target's first process.</summary>
    public string? User { get; init; }

    /// <summary>Program and arguments; null for the router's own command, or the user's shell in a target.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Variables beside those that every session has.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the program starts; null for the router's own choice.</summary>
    public string? Directory { get; init; }

    /// <summary>TERM; null for the router's own choice.</summary>
    public string? Term { get; init; }

    /// <summary>False for pipes in place of a terminal.</summary>
    public bool Terminal { get; init; } = true;

    /// <summary>What happens when the last driver is gone; null for the router's own choice.</summary>
    public OnDisconnect? OnDisconnect { get; init; }

    /// <summary>Whether other drivers have to leave.</summary>
    public bool Take { get; init; }

    /// <summary>After a lost connection: the token it had.</summary>
    public string? Resume { get; init; }

    /// <summary>With <see cref="Resume"/>: the offset up to which output has come.</summary>
    public long Received { get; init; }

    /// <summary>The payload.</summary>
    public byte[] ToPayload() => SessionMessage.Write(json =>
    {
        json.Text("session", Session);
        if (Mode != OpenMode.New) json.WriteString("mode", Mode == OpenMode.Attach ? "attach" : "attach-or-new");
        if (IsViewer) json.WriteString("role", "viewer");
        json.Text("target", Target);
        json.Text("user", User);
        WriteCommand(json);
        json.Text("directory", Directory);
        json.Text("term", Term);
        if (!Terminal) json.WriteBoolean("terminal", false);
        json.Text("on-disconnect", OnDisconnect?.ToString());
        json.Flag("take", Take);
        json.Text("resume", Resume);
        if (Resume is not null) json.WriteNumber("received", Received);
    }, isBrief: true);

    /// <summary>Reads a payload.</summary>
    /// <param name="payload">What came.</param>
    /// <param name="message">The message.</param>
    /// <returns>False where it is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out OpenRequest? message) => SessionMessage.TryRead(
        payload,
        static json => new OpenRequest
        {
            Session = json.Text("session"),
            Mode = json.Text("mode") switch
            {
                null or "new" => OpenMode.New,
                "attach" => OpenMode.Attach,
                "attach-or-new" => OpenMode.AttachOrNew,
                _ => throw new FormatException(),
            },
            IsViewer = json.Text("role") switch { null or "driver" => false, "viewer" => true, _ => throw new FormatException() },
            Target = json.Text("target"),
            User = json.Text("user"),
            Command = json.Texts("command"),
            Environment = ReadEnvironment(json.Members("environment")),
            Directory = json.Text("directory"),
            Term = json.Text("term"),
            Terminal = json.Boolean("terminal") ?? true,
            OnDisconnect = json.Text("on-disconnect") is { } text ? ReadOnDisconnect(text) : null,
            Take = json.Boolean("take") ?? false,
            Resume = json.Text("resume"),
            Received = json.Int64("received") switch { null => 0, < 0 => throw new FormatException(), { } offset => offset },
        },
        out message);

    private void WriteCommand(Utf8JsonWriter json)
    {
        if (Command is { } command)
        {
            json.WriteStartArray("command");
            foreach (string word in command)
                json.WriteStringValue(word);
            json.WriteEndArray();
        }

        if (Environment.Count == 0) return;
        json.WriteStartObject("environment");
        foreach ((string name, string value) in Environment)
            json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static Dictionary<string, string> ReadEnvironment(JsonMembers? json)
    {
        var environment = new Dictionary<string, string>();
        foreach (string name in json?.Names ?? [])
            environment[name] = json!.Text(name) ?? throw new FormatException();
        return environment;
    }

    private static OnDisconnect ReadOnDisconnect(string text) => Protocol.OnDisconnect.TryParse(text, out OnDisconnect value) ? value : throw new FormatException();
}
