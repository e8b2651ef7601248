using Xunit;

namespace Forkpty.Targets;

/// <summary>What a name leads to.</summary>
public sealed class Names : IDisposable
{
    private readonly HostPicture _picture = new();

    public Names()
    {
        Docker("aaaa1111", "web", 300);
        Docker("aaaa2222", "shop", 301);
        WrittenStates.State(_picture, "/run/runc", "web", 302, 7);
        _picture.Process(302, 7);
        WrittenStates.State(_picture, "/run/runc", "sole", 303, 7);
        _picture.Process(303, 7);
    }

    public void Dispose() => _picture.Dispose();

    [Theory]
    [InlineData("docker:web", 300)]
    [InlineData("runc:web", 302)]
    [InlineData("sole", 303)]
    [InlineData("303", 303)]
    [InlineData("pid:303", 303)]
    [InlineData("aaaa2", 301)]
    [InlineData("docker:aaaa1", 300)]
    public void A_name_a_number_or_the_beginning_of_an_id_is_enough(string name, int pid) => Assert.Equal(pid, _picture.Host.Find(name).ProcessId);

    [Theory]
    [InlineData("web", "web: more than one has this name; give one of docker:web, runc:web")]
    [InlineData("aaaa", "aaaa: more than one has this name; give one of docker:shop, docker:web")]
    [InlineData("sol", "sol: nothing that runs has this name; the nearest is runc:sole")]
    [InlineData("docker:sole", "docker:sole: nothing of this kind and name runs; fpty ps --all lists what does")]
    [InlineData("dokcer:web", "dokcer:web: there is no kind of target dokcer; the nearest is docker:")]
    [InlineData("docker:", "docker:: the name of a target is missing, as in podman:web; fpty ps lists them")]
    [InlineData("aaa", "aaa: nothing that runs has this name; fpty ps --all lists what does")]
    [InlineData("99", "99: there is no process 99, and nothing else has this name; fpty ps --all lists what does")]
    [InlineData("pid:99", "pid:99: there is no process of this number, or it is hidden from you")]
    [InlineData("pid:web", "pid:web: a process is named by its number, as in pid:4711")]
    [InlineData("\u001b[2J", "^[[2J: nothing that runs has this name; fpty ps --all lists what does")]
    public void What_is_not_one_target_is_refused_with_what_to_do(string name, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<TargetException>(() => _picture.Host.Find(name)).Message);

    [Theory]
    [InlineData("still", "still: docker:still is there, but does not run; start it with docker start still")]
    [InlineData("docker:still", "docker:still: docker:still is there, but does not run; start it with docker start still")]
    [InlineData("cccc", "cccc: docker:still is there, but does not run; start it with docker start still")]
    [InlineData("over", "over: runc:over is there, but does not run; start it anew with runc delete over and then, in the directory of its bundle, runc run over")]
    [InlineData("gone", "gone: podman:web\u001b[m is there, but does not run; start it with podman start web\u001b[m")]
    [InlineData("podman:still", "podman:still: nothing of this kind and name runs; fpty ps --all lists what does")]
    public void A_container_that_is_there_and_does_not_run_is_told_with_how_to_start_it(string name, string sentence)
    {
        _picture.Write("/var/lib/docker/containers/cccc1111/config.v2.json", """{"State":{"Pid":0},"ID":"cccc1111","Name":"/still"}""");
        _picture.Write("/var/lib/containers/storage/vfs-containers/containers.json", """[{"id":"gone","names":["web\u001b[m"]}]""");
        WrittenStates.State(_picture, "/run/runc", "over", 999, 7);

        Assert.Equal(sentence.Replace("\u001b", "^[", StringComparison.Ordinal), Assert.Throws<TargetException>(() => _picture.Host.Find(name)).Message);
        Assert.DoesNotContain("does not run", Assert.Throws<TargetException>(() => _picture.Host.Find(name, _ => true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_with_one_kind_and_name_the_ids_are_given()
    {
        Docker("bbbb1111", "web", 310);

        Assert.EndsWith("docker:aaaa1111, docker:bbbb1111, runc:web", Assert.Throws<TargetException>(() => _picture.Host.Find("web")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_may_be_an_id_too_is_refused()
    {
        Docker("30300000", "digits", 311);
        _picture.Process(3030, 7);

        Assert.Equal("3030: more than one has this name; give one of docker:digits, pid:3030", Assert.Throws<TargetException>(() => _picture.Host.Find("3030")).Message);
    }

    [Fact]
    public void Names_of_others_cannot_speak_to_the_terminal()
    {
        Assert.Equal("^[[31m\\u202e^?\\u0085😀", Readable.Of("\e[31m\u202e\x7f\u0085😀"));
        Assert.Equal("ab…", Readable.Of("abcd", 2));
        Assert.Equal("a…", Readable.Of("a😀b", 2));
    }

    private void Docker(string id, string name, int pid)
    {
        _picture.Write($"/var/lib/docker/containers/{id}/config.v2.json", $$"""{"State":{"Pid":{{pid}}},"ID":"{{id}}","Name":"/{{name}}"}""");
        _picture.Process(pid, 7, $"/docker/{id}");
    }
}
