using System.Runtime.InteropServices;
using System.Text;

namespace Forkpty.Interop;

/// <summary>A C array of strings, ended by a null pointer: argv and envp of the exec family. It lives outside the managed heap, so nothing moves it.</summary>
internal sealed unsafe class StringVector : IDisposable
{
    private byte** _strings;

    public StringVector(IReadOnlyList<string> strings)
    {
        // One block: the pointers, then the bytes they point to.
        nuint pointers = (nuint)(strings.Count + 1) * (nuint)sizeof(byte*);
        nuint bytes = 0;
        foreach (string text in strings)
            bytes += (nuint)Encoding.UTF8.GetByteCount(text) + 1;
        _strings = (byte**)NativeMemory.Alloc(pointers + bytes);
        byte* next = (byte*)_strings + pointers;
        for (int i = 0; i < strings.Count; i++)
        {
            int room = Encoding.UTF8.GetByteCount(strings[i]);
            Encoding.UTF8.GetBytes(strings[i], new Span<byte>(next, room));
            next[room] = 0;
            _strings[i] = next;
            next += room + 1;
        }
        _strings[strings.Count] = null;
    }

    /// <summary>The array, valid until <see cref="Dispose"/>.</summary>
    public byte** Pointer => _strings;

    public void Dispose()
    {
        NativeMemory.Free(_strings);
        _strings = null;
    }
}
