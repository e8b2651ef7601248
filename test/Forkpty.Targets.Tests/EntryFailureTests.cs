using System.Diagnostics;
using Forkpty.Interop;
using Xunit;

namespace Forkpty.Targets;

/// <summary>What the helper reports, as sentences.</summary>
public sealed class EntryFailureTests : IDisposable
{
    // Sets a terminal's title, turns the text around, and begins a line of its own.
    private const string Hostile = "/x\e]0;title\a\u202e\nx";

    private readonly Process _process = Process.Start("/bin/sleep", "1000")!;
    private readonly TargetProcess _target;

    public EntryFailureTests() => _target = TargetProcess.Open(Host.Local.Find($"pid:{_process.Id}"));

    [Theory]
    [InlineData(EntryStep.Directory)]
    [InlineData(EntryStep.Execute)]
    [InlineData(EntryStep.WriteFile)]
    [InlineData(EntryStep.ControlGroup)]
    internal void A_name_that_the_target_has_made_does_not_speak_to_the_terminal(EntryStep step)
    {
        foreach (Errno error in (Errno[])[Errno.EACCES, Errno.ENOENT])
        {
            var request = new EntryRequest { Directory = Hostile, ControlGroup = Hostile };
            request.Writes.AddRange([Hostile, Hostile]);
            request.Arguments.Add(Hostile);
            request.Files.Add(Hostile);

            string sentence = EntryFailure.From(new EntryHelper.Report(step, (int)error, 0), request, new EntryOptions(), _target).Message;

            Assert.Contains(@"/x^[]0;title^G\u202e^Jx", sentence, StringComparison.Ordinal);
            Assert.DoesNotContain(sentence, character => char.IsControl(character) || character == '\u202e');
        }
    }

    [Fact]
    public void A_name_of_an_account_does_not_either() =>
        Assert.Contains(@"no user a\u202eb;", Assert.Throws<EntryException>(() => EntryUser.Of(_target, new TargetAccounts(null, null), "a\u202eb")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(EntryStep.Uid, "setresuid(4000000000): EPERM")]
    [InlineData(EntryStep.Gid, "setresgid(4000000000): EPERM")]
    internal void A_large_id_is_no_forgery(EntryStep step, string sentence) =>
        Assert.StartsWith(sentence, EntryFailure.From(new EntryHelper.Report(step, (int)Errno.EPERM, unchecked((int)4_000_000_000)), new EntryRequest(), new EntryOptions(), _target).Message, StringComparison.Ordinal);

    public void Dispose()
    {
        _target.Dispose();
        _process.Kill();
        _process.Dispose();
    }
}
