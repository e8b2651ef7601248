namespace Forkpty.Screen;

/// <summary>A national or graphic set of 7-bit characters, named by the last byte of the sequence that designates it; <see cref="Ascii"/> replaces nothing.</summary>
internal enum Charset : byte
{
    Ascii = 0,
    Graphics = (byte)'0',
    British = (byte)'A',
    Dutch = (byte)'4',
    Finnish = (byte)'C',
    French = (byte)'R',
    FrenchCanadian = (byte)'Q',
    German = (byte)'K',
    Italian = (byte)'Y',
    Norwegian = (byte)'E',
    Spanish = (byte)'Z',
    Swedish = (byte)'H',
    Swiss = (byte)'=',
}
