# The two commands of a newcomer: `make run` and `make test`. Each does its own set-up.
DOTNET ?= dotnet
RID    ?= linux-x64
SOURCES = $(shell find src -name '*.cs' -o -name '*.csproj' -o -name '*.props') Directory.Build.props Directory.Packages.props

.PHONY: run build test static bench docs format clean

run: out/fpty
	@out/fpty try

build: out/fpty

out/fpty: $(SOURCES)
	$(DOTNET) publish src/fpty -c Release -r $(RID) -o out --nologo -v quiet
	@touch $@

static: out/static/fpty

out/static/fpty: $(SOURCES)
	$(DOTNET) publish src/fpty -c Release -r $(RID) -p:StaticExecutable=true --artifacts-path artifacts/static -o out/static --nologo -v quiet
	@touch $@

test: out/fpty
	$(DOTNET) test --nologo

# The man page, docs/configuration.md and the completions are made from the option table; a test compares them.
docs: out/fpty
	@mkdir -p packaging/man packaging/completions docs
	out/fpty docs man >packaging/man/fpty.1
	out/fpty docs configuration >docs/configuration.md
	out/fpty docs completion-bash >packaging/completions/fpty.bash
	out/fpty docs completion-zsh >packaging/completions/_fpty
	out/fpty docs completion-fish >packaging/completions/fpty.fish

format:
	$(DOTNET) format --verify-no-changes

clean:
	rm -rf out artifacts
