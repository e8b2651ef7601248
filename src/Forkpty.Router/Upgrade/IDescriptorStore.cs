namespace Forkpty.Upgrade;

/// <summary>Somebody outside of this process who holds descriptors for it and gives them to the next one, should it be killed: a service manager. Called on any lane.</summary>
internal interface IDescriptorStore
{
    /// <summary>Has descriptors held under a name.</summary>
    void Add(string name, ReadOnlySpan<int> descriptors);

    /// <summary>Has them closed.</summary>
    void Remove(string name);
}
