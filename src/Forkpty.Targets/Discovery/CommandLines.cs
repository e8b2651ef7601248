namespace Forkpty.Targets;

/// <summary>
/// The arguments of processes. The kernel reads them under the lock of a process's memory, and a process can see to it that nobody gets that lock: one thread of it faults on a file system of its own making, another
/// wants to map something. So a thread of ours reads; one that is late is left to itself, and until it comes back nothing more is read of its process.
/// </summary>
internal sealed class CommandLines(HostFiles files)
{
    /// <summary>Milliseconds; a read takes some 20 µs.</summary>
    private const int Deadline = 200;

    /// <summary>Threads that may be waiting for ever for what one user runs; from there on no arguments of his are read.</summary>
    private const int MostOfOne = 8;

    /// <summary>The same for all.</summary>
    private const int Most = 64;

    private readonly List<(Reader Reader, string Of)> _late = [];
    private Reader? _reader;

    /// <summary>A file's text; null where it cannot be read, or not in time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="max">Bytes.</param>
    /// <param name="who">Who answers for the process; asked where one is late.</param>
    public string? Read(string path, int max, Func<string> who)
    {
        lock (_late)
        {
            _late.RemoveAll(static late => late.Reader.HasAnswered);
            string of = _late.Count > 0 ? who() : "";
            if (_late.Count >= Most || _late.FindAll(late => late.Of == of).Count >= MostOfOne || _late.Exists(late => late.Reader.Path == path)) return null;
            if (_reader is null || !_reader.TryAsk(path, max))
                _reader = new Reader(files, path, max);
            if (_reader.TryAnswer(Deadline, out string? text)) return text;
            _late.Add((_reader, who()));
            _reader = null;
            return null;
        }
    }

    /// <summary>A thread that reads one file after the other, and ends when it is asked for none.</summary>
    /// <remarks>Nobody asks the semaphores for a wait handle, so they have nothing to dispose of.</remarks>
#pragma warning disable CA1001
    private sealed class Reader
#pragma warning restore CA1001
    {
        /// <summary>Milliseconds.</summary>
        private const int Idle = 50;

        private readonly SemaphoreSlim _asked = new(0);
        private readonly SemaphoreSlim _answered = new(0);
        private readonly HostFiles _files;
        private int _max;
        private string? _text;
        private bool _ended;

        public Reader(HostFiles files, string path, int max)
        {
            (_files, Path, _max) = (files, path, max);
            new Thread(Run) { IsBackground = true }.Start();
        }

        public string Path { get; private set; }

        public bool HasAnswered => _answered.CurrentCount > 0;

        /// <returns>False where it has ended.</returns>
        public bool TryAsk(string path, int max)
        {
            lock (_asked)
            {
                if (_ended) return false;
                (Path, _max) = (path, max);
                _asked.Release();
                return true;
            }
        }

        public bool TryAnswer(int deadline, out string? text)
        {
            bool inTime = _answered.Wait(deadline);
            text = inTime ? _text : null;
            return inTime;
        }

        private void Run()
        {
            do
            {
                _text = _files.Text(Path, _max);
                _answered.Release();
            }
            while (IsAsked());
        }

        private bool IsAsked()
        {
            if (_asked.Wait(Idle)) return true;
            lock (_asked)
            {
                _ended = !_asked.Wait(0);
                return !_ended;
            }
        }
    }
}
