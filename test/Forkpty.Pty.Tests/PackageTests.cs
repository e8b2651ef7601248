using System.Diagnostics;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Xunit;

namespace Forkpty.Tests;

/// <summary>What who installs the library gets: the package as `dotnet pack` makes it.</summary>
[Collection(nameof(Alone))]
public sealed class PackageTests
{
    [Fact(Timeout = 300_000)]
    public async Task It_stands_alone_without_a_dependency_and_without_a_native_binary()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Forkpty.slnx")))
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("The repository's root, which has Forkpty.slnx, is not above the tests.");
        DirectoryInfo packed = Directory.CreateTempSubdirectory("fpty-pack-");
        try
        {
            // As it was built for these tests: nothing is compiled.
            string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
            using Process pack = Process.Start(new ProcessStartInfo(
                "dotnet", ["pack", Path.Combine(root, "src", "Forkpty.Pty"), "--no-build", "-c", configuration, "-o", packed.FullName, "-nodeReuse:false", "--nologo", "-v", "quiet"])
            { RedirectStandardOutput = true })!;
            string said = await pack.StandardOutput.ReadToEndAsync();
            await pack.WaitForExitAsync();
            Assert.True(pack.ExitCode == 0, said);

            using ZipArchive package = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(packed.FullName, "*.nupkg")));
            string[] about = ["_rels/", "package/", "[Content_Types].xml", "Forkpty.Pty.nuspec"];
            Assert.Equal(
                ["lib/net10.0/Forkpty.Pty.dll", "lib/net10.0/Forkpty.Pty.xml"],
                package.Entries.Select(entry => entry.FullName).Where(name => !about.Any(name.StartsWith)).Order());

            using Stream specification = package.GetEntry("Forkpty.Pty.nuspec")!.Open();
            string[] needs = ["dependency", "frameworkReference", "frameworkAssembly"];
            Assert.DoesNotContain(XDocument.Load(specification).Descendants(), element => needs.Contains(element.Name.LocalName));
        }
        finally
        {
            packed.Delete(recursive: true);
        }
    }

    [Fact]
    public void Beside_the_runtime_it_calls_the_C_library_alone()
    {
        using var file = new PEReader(File.OpenRead(typeof(Pty).Assembly.Location));
        MetadataReader assembly = file.GetMetadataReader();

        Assert.Equal("libc", assembly.GetString(assembly.GetModuleReference(Assert.Single(ModuleReferences())).Name));
        Assert.All(assembly.AssemblyReferences, reference => Assert.StartsWith("System.", assembly.GetString(assembly.GetAssemblyReference(reference).Name), StringComparison.Ordinal));

        IEnumerable<ModuleReferenceHandle> ModuleReferences() =>
            Enumerable.Range(1, assembly.GetTableRowCount(TableIndex.ModuleRef)).Select(MetadataTokens.ModuleReferenceHandle);
    }
}
