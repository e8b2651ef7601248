using System.Runtime.InteropServices;
using Forkpty.Bench;

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, EndAtOnce);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndAtOnce);
try
{
    BenchOptions options = BenchOptions.Parse(args);
    Peer[] peers = [.. Chosen<Peer>(
        [new FptyPeer(Path.GetFullPath(options.Executable)), .. Former(options), new UwsgiPeer(), new SocatPeer(), new BarePeer()], peer => peer.Name, options.Peers)
        .Where(IsInstalled)];
    Figure[] figures = Chosen<Figure>(
        [
            new EchoFigure(), new FloodFigure(), new OutputFigure(), new OpenFigure(), new IdleFigure(), new ClientFigure(), new InterruptFigure(),
            new StartFigure(), new InputFigure(), new NeighboursFigure(), new ScreenFigure(), new SessionsFigure(), new AttachFigure(),
        ],
        figure => figure.Name,
        options.Only);

    Measurements measurements = new Run(peers, figures, options.Quick ? Scale.Quick : new Scale(), options.Rounds).Measure();
    string command = $"make bench BENCH=\"{string.Join(' ', args)}\"";
    string tables = new Report(peers, figures, measurements, command, options.Rounds, options.Quick).Write();
    Console.Out.Write(tables);
    if (options.Document is not null)
        Report.Into(options.Document, tables);
    return 0;
}
catch (BenchException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
catch (OperationCanceledException)
{
    return 130;
}
finally
{
    CleanUp();
}

static T[] Chosen<T>(T[] all, Func<T, string> nameOf, IReadOnlyList<string> names)
{
    foreach (string name in names)
    {
        if (!all.Any(one => nameOf(one) == name))
            throw new BenchException($"there is no {name}; there are: {string.Join(", ", all.Select(nameOf))}");
    }
    return names.Count == 0 ? all : [.. all.Where(one => names.Contains(nameOf(one)))];
}

static Peer[] Former(BenchOptions options) => options.Beside is { } file ? [new FptyPeer(Path.GetFullPath(file), FptyPeer.Former)] : [];

static bool IsInstalled(Peer peer)
{
    if (peer.Version is not null)
        return true;
    Console.Error.WriteLine($"{peer.Name} is not installed here: left out");
    return false;
}

// The measuring thread may be in the middle of anything: what it waits for ends with its server, and the process with it.
static void EndAtOnce(PosixSignalContext context)
{
    CleanUp();
    Environment.Exit(130);
}

static void CleanUp()
{
    Children.EndForGood();
    TemporaryFolder.RemoveAll();
}
