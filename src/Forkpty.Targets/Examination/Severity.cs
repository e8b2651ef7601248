namespace Forkpty.Targets;

/// <summary>What a finding means to who wants to attach.</summary>
internal enum Severity
{
    /// <summary>As it should be.</summary>
    Fine,

    /// <summary>Attaching works, with a difference that a person should know.</summary>
    Note,

    /// <summary>Attaching is refused, unless the remedy is applied.</summary>
    Obstacle,
}
