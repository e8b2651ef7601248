namespace Forkpty.Testing;

/// <summary>Which router is under test: ours, or the real uWSGI as the oracle.</summary>
public enum RouterKind
{
    /// <summary>The published binary, <c>out/fpty</c> (or what the variable FPTY names).</summary>
    Fpty,

    /// <summary>Debian's <c>uwsgi --plugin forkptyrouter</c>.</summary>
    Uwsgi,
}
