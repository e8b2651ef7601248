namespace Forkpty.Screen;

public sealed partial class VirtualTerminal
{
    internal State Inspect() => new(this);

    /// <summary>What a snapshot is made of.</summary>
    internal readonly ref struct State(VirtualTerminal terminal)
    {
        public int Rows => terminal._rows;

        public int Columns => terminal._columns;

        public Page Normal => terminal._normal;

        /// <summary>The alternate screen, if it is the one that is shown.</summary>
        public Page? Alternate => terminal.IsAlternate ? terminal._page : null;

        public Inks Inks => terminal._inks;

        public Links Links => terminal._links;

        public Charset Charset => terminal._charset;

        public Pen Pen => terminal._pen;

        public Modes Modes => terminal._modes;

        public int Mouse => terminal._mouse;

        public int MouseEncoding => terminal._mouseEncoding;

        public int KeyModifiers => terminal._keyModifiers;

        /// <summary>Columns of the character that was just written and may get a mark.</summary>
        public int Joining => terminal._joining;

        public int CursorStyle => terminal._cursorStyle;

        public ReadOnlySpan<Charset> Charsets => terminal._charsets;

        public int Level => terminal._level;

        /// <summary>Null: the program has set none.</summary>
        public byte[]? Title => terminal._title;

        public byte[]? IconTitle => terminal._iconTitle;

        public List<byte[]?> Titles => terminal._titles;

        public List<byte[]?> IconTitles => terminal._iconTitles;

        /// <summary>Null: the program has left all colours alone.</summary>
        public Palette? Palette => terminal._palette;

        public ParserState Parser => terminal._state;

        public uint Collected => terminal._collected;

        public Parameters Parameters => terminal._parameters;

        /// <summary>Of the string that has begun.</summary>
        public ReadOnlySpan<byte> Text => terminal._state is ParserState.OscString or ParserState.DcsString ? terminal._text.AsSpan(0, terminal._textLength) : default;

        /// <summary>The bytes of a character of which the last are missing.</summary>
        public byte[] PartialCharacter
        {
            get
            {
                if (terminal._missing == 0)
                    return [];
                int length = terminal._partialLength - terminal._missing;
                var bytes = new byte[length];
                int value = terminal._partial;
                for (int i = length - 1; i > 0; i--, value >>= 6)
                    bytes[i] = (byte)(0x80 | value & 0x3F);
                bytes[0] = (byte)(value | 0xFF00 >> terminal._partialLength);
                return bytes;
            }
        }
    }
}
