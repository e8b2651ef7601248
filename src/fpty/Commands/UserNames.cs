using System.Globalization;
using Forkpty.Interop;
using Forkpty.Targets;

namespace Forkpty.Commands;

/// <summary>Users by name, as this machine has them; by number where it has none, as for those of a user namespace.</summary>
internal sealed class UserNames
{
    private readonly Accounts? _accounts = Read();

    public string Of(uint uid) => _accounts?.FindUser(uid) is { } user ? Readable.Of(user.Name) : uid.ToString(CultureInfo.InvariantCulture);

    private static Accounts? Read()
    {
        try
        {
            return Accounts.ReadUsers();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
