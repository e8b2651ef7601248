using Forkpty.Interop;
using Forkpty.Options;
using Forkpty.Protocol;

namespace Forkpty.Serving;

/// <summary>The router's options, from the configuration.</summary>
internal static class RouterSettings
{
    /// <param name="configuration">Where they are from.</param>
    /// <param name="binds">Whether sockets are yet to be bound: then their owner must be known. In a jail nobody may be.</param>
    /// <exception cref="ConfigurationException">Nothing is to be served, or a user or group is not known.</exception>
    public static RouterOptions From(Configuration configuration, bool binds = true)
    {
        List<ListenOptions> listeners = [];
        AddListeners(listeners, configuration, OptionTable.Router, WireMode.Raw);
        AddListeners(listeners, configuration, OptionTable.UwsgiRouter, WireMode.Uwsgi);
        return new RouterOptions
        {
            Listeners = listeners,
            Sockets = Sockets(configuration, binds),
            Command = configuration.Text(OptionTable.Command)!,
            Environment = Environment(configuration),
            Size = new WindowSize((ushort)configuration.Number(OptionTable.Rows)!, (ushort)configuration.Number(OptionTable.Columns)!),
            Timeout = configuration.Duration(OptionTable.Timeout) is { } timeout && timeout > TimeSpan.Zero ? timeout : null,
            SignalTarget = configuration.Text(OptionTable.SignalTarget) == "leader" ? SignalTarget.Leader : SignalTarget.Foreground,
            WaitForSlaves = configuration.Flag(OptionTable.WaitSlaves),
            OnDisconnect = OnDisconnect.TryParse(configuration.Text(OptionTable.SessionOnDisconnect), out OnDisconnect onDisconnect) ? onDisconnect : OnDisconnect.HangUp,
            HistoryBytes = configuration.Number(OptionTable.History)!.Value,

            // Who serves one command alone, as uWSGI's router does, must not give a shell to a client that asks for it.
            ClientsChooseCommand = configuration.Has(OptionTable.AllowCommand) ? configuration.Flag(OptionTable.AllowCommand) : !configuration.Has(OptionTable.Command),
            Workers = configuration.Number(OptionTable.Workers) ?? new RouterOptions().Workers,
            Statistics = Address(configuration, OptionTable.Stats) is { } statistics ? new ListenOptions(statistics, WireMode.Raw) : null,
            SharedTerminal = Address(configuration, OptionTable.SharedSocket) is { } shared ? SharedTerminal(configuration, shared) : null,
        };
    }

    private static void AddListeners(List<ListenOptions> listeners, Configuration configuration, Option option, WireMode mode)
    {
        foreach (Setting setting in configuration.Each(option))
        {
            RouterAddress address = Parse(configuration, setting.Value);
            if (listeners.Exists(other => other.Address == address))
                throw setting.Wrong("this address is given twice; one socket has one mode, so give another address");
            listeners.Add(new ListenOptions(address, mode));
        }
    }

    private static RouterAddress? Address(Configuration configuration, Option option) =>
        configuration.Text(option) is { } text ? Parse(configuration, text) : null;

    /// <summary>The reader has checked the address. abstract-socket makes a path a name, as in uWSGI.</summary>
    private static RouterAddress Parse(Configuration configuration, string text)
    {
        RouterAddress address = RouterAddress.Parse(text);
        return address is UnixAddress unix && configuration.Flag(OptionTable.AbstractSocket) ? RouterAddress.Parse("@" + unix.Path) : address;
    }

    private static SharedTerminalOptions SharedTerminal(Configuration configuration, RouterAddress address) => new(address)
    {
        Command = configuration.Text(OptionTable.SharedCommand) ?? configuration.Text(OptionTable.Command)!,
        OutputCopy = configuration.Flag(OptionTable.SharedLog) ? 1 : null,
        Input = configuration.Flag(OptionTable.SharedInput) ? 0 : null,
    };

    /// <summary>A socket belongs to whom the jail becomes, unless chown-socket says otherwise: so the router can remove it at its end.</summary>
    private static SocketOptions Sockets(Configuration configuration, bool binds)
    {
        int? backlog = configuration.Has(OptionTable.Listen) ? configuration.Number(OptionTable.Listen) : null;
        if (!binds)
            return new SocketOptions { Backlog = backlog, AllowInsecureTcp = true }; // who has bound them was asked

        string? owner = configuration.Text(OptionTable.SocketOwner);
        string? user = owner is null ? configuration.Text(OptionTable.User) : owner.Split(':')[0];
        string? group = owner is null ? configuration.Text(OptionTable.Group) : owner.Contains(':') ? owner[(owner.IndexOf(':') + 1)..] : null;
        Accounts accounts = user is null && group is null ? new Accounts() : Accounts.Read();
        return new SocketOptions
        {
            Backlog = backlog,
            Mode = configuration.Mode(OptionTable.SocketMode),
            Uid = string.IsNullOrEmpty(user) ? null : accounts.FindUser(user)?.Uid ?? Accounts.Number(user) ?? throw Unknown(configuration, "user", user, owner),
            Gid = string.IsNullOrEmpty(group) ? null : accounts.FindGroup(group)?.Gid ?? Accounts.Number(group) ?? throw Unknown(configuration, "group", group, owner),
            AllowInsecureTcp = configuration.Flag(OptionTable.InsecureTcp),
        };
    }

    private static ConfigurationException Unknown(Configuration configuration, string kind, string name, string? owner) =>
        configuration.Find(owner is not null ? OptionTable.SocketOwner : kind == "user" ? OptionTable.User : OptionTable.Group)!.Wrong($"there is no {kind} {name} in /etc/{(kind == "user" ? "passwd" : "group")}; create it, or give a number");

    private static Dictionary<string, string> Environment(Configuration configuration)
    {
        IEnumerable<string> allowed = configuration.All(OptionTable.EnvironmentAllowed).SelectMany(names => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        Dictionary<string, string> variables = SessionEnvironment.Create(allowed);
        if (configuration.Flag(OptionTable.InheritEnvironment))
        {
            foreach ((string name, string value) in OwnEnvironment.Read())
                variables[name] = value;
        }

        foreach (string assignment in configuration.All(OptionTable.Environment))
        {
            string[] parts = assignment.Split('=', 2);
            variables[parts[0]] = parts.Length > 1 ? parts[1] : "";
        }

        foreach (string name in configuration.All(OptionTable.WithoutEnvironment))
            variables.Remove(name);
        return variables;
    }
}
