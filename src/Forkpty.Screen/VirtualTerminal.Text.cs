using System.Text;

namespace Forkpty.Screen;

public sealed partial class VirtualTerminal
{
    /// <summary>Bytes kept of a title, or of another string while it comes; the rest is swallowed.</summary>
    private const int MaxText = 4096;

    private const int MaxTitles = 10;

    /// <summary>The string of an operating system command or a device control string, as far as it has come.</summary>
    private byte[] _text = [];

    private int _textLength;
    private bool _textIsCut;

    /// <summary>Null while the program has set none: the terminal has its owner's.</summary>
    private byte[]? _title;

    private byte[]? _iconTitle;

    /// <summary>Titles put aside; those that were the owner's are null, and lie below all others.</summary>
    private readonly List<byte[]?> _titles = [];

    private readonly List<byte[]?> _iconTitles = [];

    /// <summary>Null while the program has left all colours alone.</summary>
    private Palette? _palette;

    private void BeginText()
    {
        _textLength = 0;
        _textIsCut = false;
    }

    private void AddText(ReadOnlySpan<byte> more)
    {
        int length = Math.Min(more.Length, MaxText - _textLength);
        _textIsCut |= length < more.Length;
        if (_textLength + length > _text.Length)
            Array.Resize(ref _text, Math.Min(MaxText, Math.Max(64, (_textLength + length) * 2)));
        more[..length].CopyTo(_text.AsSpan(_textLength));
        _textLength += length;
    }

    private void AddText(int code)
    {
        Span<byte> bytes = stackalloc byte[4];
        int length = new Rune(code).EncodeToUtf8(bytes);
        if (_textLength + length > MaxText)
            _textIsCut = true;
        else if (!_textIsCut)
            AddText(bytes[..length]);
    }

    private void EndText(ParserState next, bool done)
    {
        ParserState ended = _state;
        _state = next;
        _joining = 0;
        ReadOnlySpan<byte> text = _text.AsSpan(0, _textLength);
        if (done && ended == ParserState.OscString)
            TakeCommand(text);
        else if (done && TerminalQuestion.IsDeviceString(_collected))
            Questions++;
        _textLength = 0;
        if (_text.Length > 256)
            _text = [];
    }

    private void TakeCommand(ReadOnlySpan<byte> text)
    {
        int semicolon = text.IndexOf((byte)';');
        ReadOnlySpan<byte> number = semicolon < 0 ? text : text[..semicolon];
        ReadOnlySpan<byte> payload = semicolon < 0 ? default : text[(semicolon + 1)..];
        if (number.IsEmpty || number.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !int.TryParse(number, out int command))
            return;
        if (TerminalQuestion.IsCommand(command, payload))
            Questions++;
        switch (command)
        {
            case 0:
                _title = payload.ToArray();
                _iconTitle = _title;
                break;
            case 1:
                _iconTitle = payload.ToArray();
                break;
            case 2:
                _title = payload.ToArray();
                break;
            case 4:
                (_palette ??= new Palette()).SetNumbers(WithoutCut(payload));
                break;
            case 8:
                TakeLink(payload);
                break;
            case >= 10 and < 10 + Palette.Others:
                (_palette ??= new Palette()).SetOthers(command - 10, WithoutCut(payload));
                break;
            case 104:
                (_palette ??= new Palette()).ResetNumbers(WithoutCut(payload));
                break;
            case >= 110 and < 110 + Palette.Others:
                (_palette ??= new Palette()).ResetOther(command - 110);
                break;
        }
    }

    /// <summary>What is whole of parts between semicolons.</summary>
    private ReadOnlySpan<byte> WithoutCut(ReadOnlySpan<byte> payload) =>
        _textIsCut ? payload[..Math.Max(0, payload.LastIndexOf((byte)';'))] : payload;

    /// <summary>`parameters ; address` begins a link, `;` ends it.</summary>
    private void TakeLink(ReadOnlySpan<byte> payload)
    {
        int semicolon = payload.IndexOf((byte)';');
        if (semicolon < 0)
            return;
        if (semicolon + 1 < payload.Length)
            _pen.Link = _textIsCut ? (ushort)0 : _links.Intern(payload);
        else if (payload[..semicolon].Trim((byte)' ').IsEmpty)
            _pen.Link = 0;
        PenChanged();
    }

    private static void Push(List<byte[]?> stack, byte[]? title)
    {
        stack.Add(title);
        if (stack.Count > MaxTitles)
            stack.RemoveAt(0);
    }

    /// <summary>Where none was put aside, the title stays.</summary>
    private static void Pop(List<byte[]?> stack, ref byte[]? title)
    {
        if (stack.Count == 0)
            return;
        title = stack[^1];
        stack.RemoveAt(stack.Count - 1);
    }
}
