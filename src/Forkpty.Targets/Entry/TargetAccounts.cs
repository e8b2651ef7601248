using System.Globalization;
using System.Text;

namespace Forkpty.Targets;

/// <summary>
/// The target's own /etc/passwd and /etc/group, read without the C library's name services: those would be ours, with our plugins. The target may have written
/// anything into them; what is no account is passed over.
/// </summary>
internal sealed class TargetAccounts(byte[]? passwd, byte[]? group)
{
    private const int Most = 64;

    private readonly string _passwd = Text(passwd);
    private readonly string _group = Text(group);

    /// <summary>An account's line.</summary>
    public sealed class Account(string name, uint uid, uint gid, string home, string shell)
    {
        public string Name { get; } = name;

        public uint Uid { get; } = uid;

        public uint Gid { get; } = gid;

        public string Home { get; } = home;

        public string Shell { get; } = shell;
    }

    /// <summary>The first account with this number.</summary>
    public Account? Find(uint uid)
    {
        foreach (Account account in All())
        {
            if (account.Uid == uid)
                return account;
        }

        return null;
    }

    /// <summary>The account of this name.</summary>
    public Account? Find(string name)
    {
        foreach (Account account in All())
        {
            if (account.Name == name)
                return account;
        }

        return null;
    }

    /// <summary>The number of a group, by its name or number.</summary>
    public uint? FindGroup(string nameOrNumber)
    {
        if (TryId(nameOrNumber, out uint number))
            return number;
        foreach (string[] fields in Lines(_group, 4))
        {
            if (fields[0] == nameOrNumber && TryId(fields[2], out uint gid))
                return gid;
        }

        return null;
    }

    /// <summary>The groups that name a user as a member, and the user's own; 64 at most.</summary>
    public uint[] GroupsOf(string user, uint own)
    {
        uint[] groups = new uint[Most];
        int count = 0;
        groups[count++] = own;
        foreach (string[] fields in Lines(_group, 4))
        {
            if (count < Most && Array.IndexOf(fields[3].Split(','), user) >= 0 && TryId(fields[2], out uint gid) && !groups.AsSpan(0, count).Contains(gid))
                groups[count++] = gid;
        }

        return groups[..count];
    }

    /// <summary>A number that can be a user's: not the one that means "none".</summary>
    public static bool TryId(string text, out uint id) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id != uint.MaxValue;

    private IEnumerable<Account> All()
    {
        foreach (string[] fields in Lines(_passwd, 7))
        {
            if (fields[0].Length > 0 && TryId(fields[2], out uint uid) && TryId(fields[3], out uint gid))
                yield return new Account(fields[0], uid, gid, fields[5], fields[6]);
        }
    }

    /// <summary>What is told to a person must not be able to drive his terminal.</summary>
    private static bool HasControls(string line)
    {
        foreach (char character in line)
        {
            if (char.IsControl(character))
                return true;
        }

        return false;
    }

    /// <summary>Of a file that is longer than what is read of it, the last line is in pieces: another name or number than it was.</summary>
    private static string Text(byte[]? file)
    {
        ReadOnlySpan<byte> bytes = file;
        if (bytes.Length >= EntryHelper.MostText)
            bytes = bytes[..(bytes.LastIndexOf((byte)'\n') + 1)];
        return Encoding.UTF8.GetString(bytes);
    }

    private static IEnumerable<string[]> Lines(string text, int fields)
    {
        foreach (string line in text.Split('\n'))
        {
            string[] parts = line.Split(':');
            if (parts.Length == fields && !HasControls(line))
                yield return parts;
        }
    }
}
