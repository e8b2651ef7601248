namespace Forkpty.Testing;

/// <summary>How a router is started for a test.</summary>
public sealed record RouterSetup
{
    /// <summary>More options: the name without dashes, and the value (null for a switch).</summary>
    public IReadOnlyList<(string Name, string? Value)> Options { get; init; } = [];

    /// <summary>Words before the router's own command line, for example <c>unshare -m</c>.</summary>
    public IReadOnlyList<string> Wrapper { get; init; } = [];

    /// <summary>Words after the router's own command line.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>More variables of the router's environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The address of the raw socket; null for a path in the test's directory.</summary>
    public string? RawAddress { get; init; }

    /// <summary>The address of the socket in uwsgi mode; null for a path in the test's directory.</summary>
    public string? UwsgiAddress { get; init; }

    /// <summary>False where <see cref="Arguments"/> name the sockets (an ini file, LISTEN_FDS).</summary>
    public bool OwnSockets { get; init; } = true;

    /// <summary>Another executable than the one under test: its place in a root of its own.</summary>
    public string? Executable { get; init; }

    /// <summary>What the router can read on its standard input before the end.</summary>
    public string Input { get; init; } = "";

    /// <summary>The command of every session.</summary>
    public string? Command { get; init; }

    /// <summary>The same with one more option.</summary>
    public RouterSetup With(string name, string? value = null) => this with { Options = [.. Options, (name, value)] };
}
