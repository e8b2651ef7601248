namespace Forkpty.Interop;

/// <summary>One user of /etc/passwd; passwd(5).</summary>
internal sealed record PasswdEntry(string Name, uint Uid, uint Gid, string Home, string Shell);

/// <summary>The users of /etc/passwd, read directly: a static binary has no NSS.</summary>
internal static class Passwd
{
    private const string File = "/etc/passwd";

    /// <summary>A file beyond this is not read further: nobody has so many users, and it may be hostile.</summary>
    private const int MaxLines = 100_000;

    public static PasswdEntry? ByUid(uint uid) => Find(entry => entry.Uid == uid);

    private static PasswdEntry? Find(Predicate<PasswdEntry> wanted)
    {
        if (!System.IO.File.Exists(File)) return null;
        foreach (string line in System.IO.File.ReadLines(File).Take(MaxLines))
        {
            string[] fields = line.Split(':');
            if (fields.Length >= 7 && uint.TryParse(fields[2], out uint uid) && uint.TryParse(fields[3], out uint gid)
                && new PasswdEntry(fields[0], uid, gid, fields[5], fields[6].Length > 0 ? fields[6] : "/bin/sh") is var entry && wanted(entry))
                return entry;
        }

        return null;
    }
}
