namespace Forkpty.EndToEnd.Attach;

/// <summary>A target ends while somebody is about to enter it, and its number is another process's.</summary>
public sealed class ReusedNumber
{
    // In a pid namespace of its own, where the next number can be chosen. strace stops fpty's threads and its helper before a call, the first or second of each, until it is killed itself: then all goes on.
    private const string Script = """
        call=$1 times=$2 fpty=$3
        unshare --mount --uts sleep 1000 & victim=$!
        until grep -q sleep /proc/$victim/comm; do :; done
        sh -c 'kill -STOP $$; exec "$0" attach pid:$1 -- /bin/sh -c "echo ran >ran"' $fpty $victim >out 2>&1 </dev/null & attach=$!
        until grep -q '^State:.T' /proc/$attach/status; do :; done
        strace -f -p $attach -o log -e trace=$call -e inject=$call:delay_enter=60000000:when=$times 2>attached & tracer=$!
        until grep -q attached attached 2>waited; do :; done
        kill -CONT $attach
        until [ "$(grep -c "$call(" log)" -ge $times ] || ! readlink /proc/$attach/exe; do :; done >waited 2>&1
        kill -9 $victim; wait $victim 2>/dev/null
        echo $((victim - 1)) >/proc/sys/kernel/ns_last_pid
        unshare --mount --uts sleep 2000 & heir=$!
        [ $heir = $victim ] && echo reused
        kill -9 $tracer
        wait $attach; echo $? $victim; cat out; kill $heir
        """;

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData("pidfd_open", 1, "is another than the one that was found: the target has ended, and its number was given away again")]
    [InlineData("sendmsg", 1, "has ended")]
    [InlineData("recvmsg", 2, "has ended")]
    [InlineData("setns", 1, "has ended")]
    public async Task Nobody_enters_its_heir(string call, int times, string sentence)
    {
        Assert.SkipUnless(Environment.UserName == "root", "pid namespaces are made by root only");
        using var directory = new TempDirectory();
        directory.Write("script", Script);

        var result = await Command.RunAsync(
            ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", $"cd {directory.Root} && . ./script", "sh", call, $"{times}", Binaries.Fpty]);

        var lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.True(lines is ["reused", _, _], result.Output + result.Error);
        var number = lines[1].Split(' ')[1];
        Assert.Equal([$"255 {number}", $"fpty: attach pid:{number}: process {number} {sentence}"], lines[1..]);
        Assert.False(File.Exists(directory["ran"]), "the program has run");
    }
}
