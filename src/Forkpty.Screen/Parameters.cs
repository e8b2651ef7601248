namespace Forkpty.Screen;

/// <summary>The numbers of a control sequence: at most 32, and 32 behind colons; more are ignored. A missing number is 0, one behind a colon -1.</summary>
internal sealed class Parameters
{
    public const int Max = 32;

    private readonly int[] _values = new int[Max];
    private readonly int[] _subs = new int[Max];

    /// <summary>The index behind the last sub-parameter of each.</summary>
    private readonly byte[] _subEnds = new byte[Max];

    private int _subCount;
    private bool _isSub;
    private bool _isFull;
    private bool _isSubFull;

    public int Count { get; private set; } = 1;

    public int this[int index] => _values[index];

    public void Reset()
    {
        Count = 1;
        _values[0] = 0;
        _subEnds[0] = 0;
        _subCount = 0;
        _isSub = _isFull = _isSubFull = false;
    }

    /// <summary>A digit, a colon or a semicolon.</summary>
    public void Add(int code)
    {
        if (code == ';')
            Separate();
        else if (code == ':')
            SeparateSub();
        else
            AddDigit(code - '0');
    }

    /// <summary>The number, or 1 where it is 0 or missing.</summary>
    public int OneAtLeast(int index) => index < Count && _values[index] > 0 ? _values[index] : 1;

    public ReadOnlySpan<int> Subs(int index)
    {
        int start = index == 0 ? 0 : _subEnds[index - 1];
        return _subs.AsSpan(start, _subEnds[index] - start);
    }

    /// <summary>As it was sent, without needless zeros.</summary>
    public void Write(scoped ref Scratch to)
    {
        for (int i = 0; i < Count; i++)
        {
            if (i > 0)
                to.Add((byte)';');
            if (_values[i] != 0)
                WriteNumber(_values[i], ref to);
            foreach (int sub in Subs(i))
            {
                to.Add((byte)':');
                if (sub >= 0)
                    WriteNumber(sub, ref to);
            }
        }
    }

    private static void WriteNumber(int value, scoped ref Scratch to)
    {
        value.TryFormat(to.Room(11), out int length);
        to.Advance(length);
    }

    private void Separate()
    {
        _isSub = false;
        if (Count == Max)
        {
            _isFull = true;
            return;
        }
        _values[Count] = 0;
        _subEnds[Count] = (byte)_subCount;
        Count++;
    }

    private void SeparateSub()
    {
        _isSub = true;
        if (_isFull || _subCount == Max)
        {
            _isSubFull = true;
            return;
        }
        _subs[_subCount++] = -1;
        _subEnds[Count - 1] = (byte)_subCount;
    }

    private void AddDigit(int digit)
    {
        if (_isFull || _isSub && (_isSubFull || _subCount == 0))
            return;
        ref int value = ref _isSub ? ref _subs[_subCount - 1] : ref _values[Count - 1];
        value = value < 0 ? digit : (int)Math.Min((long)value * 10 + digit, int.MaxValue);
    }
}
