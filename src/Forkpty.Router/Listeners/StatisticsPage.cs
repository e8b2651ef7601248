using System.Buffers;
using System.Text.Json;
using Forkpty.Interop;

namespace Forkpty.Listeners;

/// <summary>A router's statistics in JSON, with uWSGI's names where it has them; one page per connection.</summary>
internal static class StatisticsPage
{
    public static void Send(SafeFd client, Router router, RouterOptions options)
    {
        using (client)
        {
            // A page is far smaller than a socket's buffer, so one call sends it all.
            _ = Libc.send(client.Value, Write(router.Statistics, options));
            _ = Libc.shutdown(client.Value, Libc.SHUT_WR);
        }
    }

    private static ReadOnlySpan<byte> Write(RouterStatistics statistics, RouterOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("version", Router.Version);
            json.WriteNumber("pid", Libc.getpid());
            json.WriteNumber("uid", Libc.geteuid());
            json.WriteNumber("gid", Libc.getegid());
            json.WriteString("cwd", OwnEnvironment.Directory ?? "");
            json.WriteNumber("active_sessions", statistics.ActiveSessions);
            json.WriteStartArray("forkptyrouter");
            foreach (ListenOptions listen in options.Listeners)
                json.WriteStringValue(listen.Address.ToString());
            json.WriteEndArray();
            json.WriteNumber("cheap", 0);
            json.WriteNumber("sessions", statistics.Sessions);
            json.WriteNumber("refused", statistics.Refused);
            json.WriteNumber("rx", statistics.BytesIn);
            json.WriteNumber("tx", statistics.BytesOut);
            json.WriteNumber("unknown_packets", statistics.UnknownPackets);
            json.WriteNumber("loops", statistics.Loops);
            json.WriteString("since", statistics.Since);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
