using System.Text;

namespace Forkpty.Options;

/// <summary>Reads a whole text file, bounded, with errors in words.</summary>
internal static class TextFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of the file. Pipes (<c>/dev/fd/63</c>) and files of /proc work too.</summary>
    /// <exception cref="ConfigurationException">It cannot be read, is longer than <paramref name="most"/> bytes, or is not UTF-8.</exception>
    public static string Read(string path, int most)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var bytes = new byte[Math.Min(most, 8 * 1024)];
            var length = 0;
            for (int count; (count = file.Read(bytes, length, bytes.Length - length)) > 0;)
            {
                length += count;
                if (length < bytes.Length)
                    continue;
                if (length >= most)
                    throw new ConfigurationException($"{path} is longer than {most} bytes.");
                Array.Resize(ref bytes, Math.Min(most, bytes.Length * 2));
            }

            return StrictUtf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw new ConfigurationException($"{path} is not UTF-8 text.");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigurationException($"there is no file {path}.");
        }
        catch (UnauthorizedAccessException)
        {
            throw new ConfigurationException(Directory.Exists(path) ? $"{path} is a directory." : $"{path} cannot be read: permission denied.");
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or NotSupportedException)
        {
            throw new ConfigurationException($"{path} cannot be read.", failure);
        }
    }
}
