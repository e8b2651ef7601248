namespace Forkpty.Screen;

/// <summary>How keys are to be reported, in kitty's protocol: a set of flags, and those that were put aside, of one screen.</summary>
internal sealed class KeyboardFlags
{
    /// <summary>Sets put aside at most; the oldest are forgotten.</summary>
    private const int MaxDepth = 8;

    private readonly List<int> _aside = [];
    private int _flags;

    public bool IsDefault => _flags == 0 && _aside.Count == 0;

    public void Push(int flags)
    {
        if (_aside.Count == MaxDepth)
            _aside.RemoveAt(0);
        _aside.Add(_flags);
        _flags = flags & 0x1F;
    }

    public void Pop(int count)
    {
        for (; count > 0 && _aside.Count > 0; count--)
        {
            _flags = _aside[^1];
            _aside.RemoveAt(_aside.Count - 1);
        }
        if (count > 0)
            _flags = 0;
    }

    /// <summary>1 replaces the flags, 2 adds to them, 3 takes from them.</summary>
    public void Set(int flags, int how) => _flags = 0x1F & how switch
    {
        2 => _flags | flags,
        3 => _flags & ~flags,
        _ => flags,
    };

    /// <summary>The sets, those put aside first.</summary>
    public IEnumerable<int> All() => _aside.Append(_flags);
}
