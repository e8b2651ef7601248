namespace Forkpty.EndToEnd.Engines;

/// <summary>A container engine with a container of it, in a machine of its own: once for all tests of a class, which are skipped where it does not start.</summary>
/// <param name="executable">What has to be installed.</param>
/// <param name="missing">The reason where it is not.</param>
/// <param name="idle">The beginning of the reason where it starts no container.</param>
public abstract class Engine(string executable, string missing, string idle) : IAsyncLifetime
{
    private PrivateMachine? _machine;
    private string _reason = missing;

    /// <summary>The id of the container.</summary>
    public string Id { get; private set; } = "";

    /// <summary>The machine with the engine; the test is skipped where there is none.</summary>
    public PrivateMachine Machine
    {
        get
        {
            Assert.SkipWhen(_machine is null, _reason);
            return _machine!;
        }
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Environment.UserName != "root" || !File.Exists(executable)) return;
        var machine = await PrivateMachine.StartAsync();
        var failure = await StartEngineAsync(machine);
        try
        {
            if (failure is null)
                Id = await StartContainerAsync(machine);
        }
        catch (ExpectationException refused)
        {
            failure = refused.Message;
        }

        if (failure is null)
        {
            _machine = machine;
            return;
        }

        _reason = $"{idle}: {failure}";
        await machine.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_machine is not null)
            await _machine.DisposeAsync();
    }

    /// <summary>Starts the engine.</summary>
    /// <returns>Null, or why it does not work here.</returns>
    protected abstract Task<string?> StartEngineAsync(PrivateMachine machine);

    /// <summary>Starts a container.</summary>
    /// <returns>Its id.</returns>
    protected abstract Task<string> StartContainerAsync(PrivateMachine machine);
}
