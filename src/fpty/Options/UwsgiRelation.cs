namespace Forkpty.Options;

/// <summary>How an option relates to the option of the same name in uWSGI.</summary>
internal enum UwsgiRelation
{
    /// <summary>Same name, same meaning.</summary>
    Same,

    /// <summary>Same name; <see cref="Option.Differs"/> says what is different.</summary>
    Differs,

    /// <summary>uWSGI has no such option.</summary>
    OnlyHere,

    /// <summary>Accepted; <see cref="Option.WithoutEffect"/> says why it does nothing.</summary>
    WithoutEffect,

    /// <summary>Not accepted; <see cref="Option.Refused"/> says why.</summary>
    Refused,
}
