using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Forkpty.EndToEnd.Engines;

/// <summary>
/// Asks a container runtime as the kubelet does: gRPC over its socket, runtime.v1 of the Kubernetes container runtime interface. Messages are written field by field, with the numbers of its api.proto.
/// </summary>
internal sealed class CriClient(string socket) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
            return new NetworkStream(connection, ownsSocket: true);
        },
    });

    /// <summary>Starts the sandbox of a pod, on the network of the machine: another would take a plugin. Its id.</summary>
    public async Task<string> RunPodAsync(byte[] pod) => Text(await CallAsync("RunPodSandbox", Message(1, pod)));

    /// <summary>Makes a container of a pod and starts it: its id.</summary>
    public async Task<string> StartContainerAsync(string sandbox, byte[] pod, string name, string image, params string[] command)
    {
        byte[] container =
        [
            .. Message(1, Message(1, name)), .. Message(2, Message(1, image)), .. command.SelectMany(word => Message(3, word)),
            .. Message(6, [.. Message(1, "PATH"), .. Message(2, "/opt/tools:/bin")]),
            .. Message(15, Message(2, Message(3, Number(2, 1)))), // linux.security_context.namespace_options.pid: the container's own
        ];
        var id = Text(await CallAsync("CreateContainer", [.. Message(1, sandbox), .. Message(2, container), .. Message(3, pod)]));
        await CallAsync("StartContainer", Message(1, id));
        return id;
    }

    /// <summary>What describes a pod.</summary>
    public static byte[] Pod(string space, string name, string group) =>
    [
        .. Message(1, [.. Message(1, name), .. Message(2, $"uid-{name}"), .. Message(3, space)]),
        .. Message(8, [.. Message(1, $"/{group}"), .. Message(2, Message(1, [.. Number(1, 2), .. Number(2, 1)]))]), // on the network of the node
    ];

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<byte[]> CallAsync(string method, byte[] message)
    {
        var frame = new byte[5 + message.Length]; // not compressed, and the length
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://runtime/runtime.v1.RuntimeService/{method}")
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.TE.Add(new("trailers"));
        using var deadline = new CancellationTokenSource(Patience.Expectation);
        using var response = await _http.SendAsync(request, deadline.Token);
        var answer = await response.Content.ReadAsByteArrayAsync(deadline.Token);
        var status = Header(response.TrailingHeaders, "grpc-status") ?? Header(response.Headers, "grpc-status");
        return status == "0" && answer.Length >= 5 ? answer[5..]
            : throw new ExpectationException($"{method}: {status} {Header(response.TrailingHeaders, "grpc-message") ?? Header(response.Headers, "grpc-message")}");
    }

    private static string? Header(System.Net.Http.Headers.HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;

    /// <summary>The first field of an answer, a short text.</summary>
    private static string Text(byte[] answer) => Encoding.UTF8.GetString(answer.AsSpan(2, answer[1]));

    private static byte[] Message(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, byte[] inner) => [.. Varint((field << 3) | 2), .. Varint(inner.Length), .. inner];

    private static byte[] Number(int field, int value) => [.. Varint(field << 3), .. Varint(value)];

    private static List<byte> Varint(int value)
    {
        var bytes = new List<byte>();
        for (; value > 127; value >>= 7)
            bytes.Add((byte)(value | 128));
        bytes.Add((byte)value);
        return bytes;
    }
}
