# The two commands of a newcomer: `make run` and `make test`. Each does its own set-up.
DOTNET ?= dotnet
RID    ?= linux-x64
SOURCES = $(shell find src -name '*.cs' -o -name '*.csproj' -o -name '*.props') Directory.Build.props Directory.Packages.props

.PHONY: run build test static bench format clean

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

# BENCH passes options on, e.g. `make bench BENCH="--quick --only echo,flood --peers fpty,uwsgi"`; the tables go into docs/benchmarks.md.
BENCH ?= --write docs/benchmarks.md

bench: out/fpty out/bench/Forkpty.Bench
	@out/bench/Forkpty.Bench $(BENCH)

out/bench/Forkpty.Bench: $(SOURCES) $(shell find bench -name '*.cs' -o -name '*.csproj')
	$(DOTNET) publish bench/Forkpty.Bench -c Release -r $(RID) -o out/bench --nologo -v quiet
	@touch $@

format:
	$(DOTNET) format --verify-no-changes

clean:
	rm -rf out artifacts
