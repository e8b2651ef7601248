using System.Text;
using System.Text.Json.Nodes;

namespace Forkpty.EndToEnd.Sessions;

/// <summary>What a client asks for, as the JSON of the specification.</summary>
internal static class Request
{
    /// <summary>An OPEN; <paramref name="shell"/> is a line for /bin/sh, in place of <paramref name="command"/>.</summary>
    public static JsonObject Open(
        string? name = null,
        string? shell = null,
        string[]? command = null,
        string? onDisconnect = null,
        string? mode = null,
        string? role = null,
        bool? terminal = null)
    {
        var open = new JsonObject();
        if (name is not null)
            open["session"] = name;
        if (mode is not null)
            open["mode"] = mode;
        if (role is not null)
            open["role"] = role;
        if ((command ?? (shell is null ? null : ["/bin/sh", "-c", shell])) is { } words)
            open["command"] = new JsonArray([.. words.Select(word => (JsonNode)word)]);
        if (onDisconnect is not null)
            open["on-disconnect"] = onDisconnect;
        if (terminal is not null)
            open["terminal"] = terminal;
        return open;
    }

    /// <summary>An OPEN of a session that is there.</summary>
    public static JsonObject Attach(string name, string? role = null) => Open(name, mode: "attach", role: role);

    /// <summary>An OPEN of a client whose connection broke when it had so many bytes of output.</summary>
    public static JsonObject Resume(SessionPeer peer, long received)
    {
        var open = Attach(peer.Name);
        open["resume"] = peer.Opened.Text("token");
        open["received"] = received;
        return open;
    }

    /// <summary>A KILL, or a DETACH of another session.</summary>
    public static JsonObject Of(string name, int? signal = null)
    {
        var request = new JsonObject { ["session"] = name };
        if (signal is not null)
            request["signal"] = signal;
        return request;
    }

    /// <summary>The payload of a message.</summary>
    public static byte[] Payload(JsonNode message) => Encoding.UTF8.GetBytes(message.ToJsonString());
}
