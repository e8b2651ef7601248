using System.Text;
using Xunit;

namespace Forkpty.Targets;

/// <summary>State files that a user wrote to keep us busy: root reads those of rootless containers too.</summary>
public sealed class HostileStates
{
    private const int Size = HostFiles.MaxState;

    [Theory]
    [InlineData(1, Size / 2)]
    [InlineData(60, 255)]
    [InlineData(60, 5)]
    public void Many_values_below_long_names_cost_no_more_than_their_number_allows(int depth, int length)
    {
        var text = new StringBuilder("{", Size);
        for (int i = 0; i < depth; i++)
            text.Append('"').Append('n', length).Append("\":{");
        while (text.Length < Size - 100)
            text.Append("\"b\":0,");
        text.Append("\"b\":0").Append('}', depth + 1);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.True(StateText.Read(text.ToString(), (_, _) => { }));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 30);
    }

    [Fact]
    public async Task Of_one_users_states_so_many_are_read_as_one_can_need_and_of_each_what_is_asked_for()
    {
        using var picture = new HostPicture();
        string labels = string.Join(',', Enumerable.Range(0, 70_000).Select(number => $"\"k{number}={new string('x', 40)}\""));
        picture.Write("/run/user/4711/runc/a0/state.json", $$"""{"init_process_pid":300,"init_process_start":7,"config":{"labels":[{{labels}}]} }""");
        await Testing.Command.ShellAsync($"cd {picture.PathOf("/run/user/4711/runc")}; for i in $(seq 40); do mkdir a$i; ln a0/state.json a$i; done");
        WrittenStates.State(picture, "/run/user/4712/runc", "web", 301, 7);
        WrittenStates.State(picture, "/run/runc", "web", 302, 7);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        List<RuntimeState> states = [.. RuntimeState.All(picture.Host.Files, new Places(picture.Host.Files))];

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 4 << 20);
        Assert.InRange(states.FindAll(state => state.Owner == 4711).Count, 10, 30);
        Assert.Equal(2, states.FindAll(state => state.Owner != 4711).Count);
    }

    [Fact]
    public async Task Small_ones_are_counted_too()
    {
        using var picture = new HostPicture();
        WrittenStates.State(picture, "/run/user/4711/runc", "a0", 300, 7);
        await Testing.Command.ShellAsync($"cd {picture.PathOf("/run/user/4711/runc")}; seq -f a%.0f 5000 | xargs mkdir; for i in $(seq 5000); do echo a$i; done | xargs -n 500 sh -c 'for d; do ln a0/state.json $d/; done' sh");

        Assert.Equal(4000, RuntimeState.All(picture.Host.Files, new Places(picture.Host.Files)).Count());
    }

    [Fact]
    public void However_many_processes_somebody_runs_none_is_hidden()
    {
        using var picture = new HostPicture();
        for (int pid = 100_000; pid < 121_000; pid++)
            Directory.CreateDirectory(picture.PathOf($"/proc/{pid}"));
        for (int pid = 1; pid <= 500; pid++)
            picture.Write($"/proc/{pid}/stat", $"{pid} (a b) S 1 {pid} {pid} 0 -1 4194560 949 0 0 0 5 2 0 0 20 0 1 0 7 2322432 332\n");

        Assert.Equal(500, picture.Host.Processes.All().Count);
    }

    [Fact]
    public void What_stands_behind_a_long_name_is_read()
    {
        List<string> taken = [];

        Assert.True(StateText.Read($$$"""{"{{{new string('n', 1000)}}}":{"x":[{"y":1}]},"id":"db","config":{"{{{new string('m', 600)}}}":"no","labels":["yes"]}}""", (way, value) => taken.Add($"{way}={value}")));

        Assert.Equal(["id=db", "config.labels[]=yes"], taken);
    }
}
