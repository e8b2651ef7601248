namespace Forkpty.Protocol;

/// <summary>What OPEN asks for.</summary>
public enum OpenMode
{
    /// <summary>A new session; its name must be free.</summary>
    New,

    /// <summary>A session that is there.</summary>
    Attach,

    /// <summary>The session of this name, made where it is not there.</summary>
    AttachOrNew,
}
