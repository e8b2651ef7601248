using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Forkpty.Testing;

/// <summary>Everything one side has said so far, and a way to wait for what it says next.</summary>
public sealed class Transcript(string name)
{
    private readonly object _gate = new();
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private TaskCompletionSource _changed = NewSignal();
    private int _consumed;
    private string? _end;

    /// <summary>Number of bytes so far.</summary>
    public long Length
    {
        get
        {
            lock (_gate)
                return _bytes.WrittenCount;
        }
    }

    /// <summary>Null while more can come; then how it ended.</summary>
    public string? End
    {
        get
        {
            lock (_gate)
                return _end;
        }
    }

    /// <summary>All bytes so far.</summary>
    public byte[] Bytes
    {
        get
        {
            lock (_gate)
                return _bytes.WrittenSpan.ToArray();
        }
    }

    /// <summary>All bytes so far as text, one character per byte, so that positions agree.</summary>
    public string Text => Encoding.Latin1.GetString(Bytes);

    /// <summary>The number that stands after a text, the first time.</summary>
    public int Number(string after) => int.Parse(Text.Split(after)[1].TakeWhile(char.IsAsciiDigit).ToArray(), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Adds what has just come.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _bytes.Write(bytes);
            Wake();
        }
    }

    /// <summary>Says that nothing more will come.</summary>
    public void Finish(string how)
    {
        lock (_gate)
        {
            _end ??= how;
            Wake();
        }
    }

    /// <summary>Waits for a text after everything that was expected before it.</summary>
    public async Task ExpectAsync(string text, TimeSpan? within = null)
    {
        var sought = Encoding.UTF8.GetBytes(text);
        var from = -1;
        await WaitAsync(
            () =>
            {
                lock (_gate)
                {
                    // Megabytes may pass before the text comes: what was searched once is not searched again.
                    from = Math.Max(from, _consumed);
                    var index = _bytes.WrittenSpan[from..].IndexOf(sought);
                    if (index >= 0)
                        _consumed = from + index + sought.Length;
                    else
                        from = Math.Max(from, _bytes.WrittenCount - sought.Length + 1);
                    return index >= 0;
                }
            },
            $"\"{text}\"",
            within);
    }

    /// <summary>Waits for a pattern after everything that was expected before it.</summary>
    public async Task<Match> ExpectAsync(Regex pattern, TimeSpan? within = null)
    {
        Match? found = null;
        await WaitAsync(
            () =>
            {
                var match = pattern.Match(Unexpected());
                if (!match.Success)
                    return false;
                found = match;
                _consumed += match.Index + match.Length;
                return true;
            },
            $"/{pattern}/",
            within);
        return found!;
    }

    /// <summary>Waits for the end: the peer has closed, or the process is over.</summary>
    public async Task ExpectEndAsync(TimeSpan? within = null)
    {
        await WaitAsync(() => End is not null, "the end", within, evenAfterEnd: true);
    }

    /// <summary>Waits until at least so many bytes are there.</summary>
    public async Task ExpectLengthAsync(long length, TimeSpan? within = null) =>
        await WaitAsync(() => Length >= length, $"{length} bytes", within);

    /// <summary>Forgets what was not yet expected: the next expectation begins here.</summary>
    public void SkipToNow()
    {
        lock (_gate)
            _consumed = _bytes.WrittenCount;
    }

    private async Task WaitAsync(Func<bool> holds, string what, TimeSpan? within, bool evenAfterEnd = false)
    {
        using var deadline = new CancellationTokenSource(within ?? Patience.Expectation);
        while (true)
        {
            Task changed;
            bool ended;
            lock (_gate)
            {
                changed = _changed.Task;
                ended = _end is not null;
            }

            if (holds())
                return;
            if (ended && !evenAfterEnd)
                throw Failure($"{name} ended ({End}) without {what}");
            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                if (holds())
                    return;
                throw Failure($"{name} did not give {what} within {(within ?? Patience.Expectation).TotalSeconds} s");
            }
        }
    }

    private string Unexpected()
    {
        lock (_gate)
            return Encoding.Latin1.GetString(_bytes.WrittenSpan[_consumed..]);
    }

    private ExpectationException Failure(string what)
    {
        var text = Text;
        return new ExpectationException($"{what}. Transcript of {text.Length} bytes, expected up to {_consumed}:\n{Excerpt.Of(text)}");
    }

    private void Wake()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
