# The two commands of a newcomer: `make run` and `make test`. Each does its own set-up.
DOTNET ?= dotnet
RID    ?= linux-x64
SOURCES = $(shell find src -name '*.cs' -o -name '*.c' -o -name '*.csproj' -o -name '*.props') Directory.Build.props Directory.Packages.props

.PHONY: run build test static bench docs format clean

# The shell's own status is the trial's; only 254 and 255 say that the trial itself has failed.
run: out/fpty
	@out/fpty try; status=$$?; [ $$status -lt 254 ]

build: out/fpty

out/fpty: $(SOURCES)
	$(DOTNET) publish src/fpty -c Release -r $(RID) -o out --nologo -v quiet
	@touch $@

static: out/static/fpty

out/static/fpty: $(SOURCES)
	$(DOTNET) publish src/fpty -c Release -r $(RID) -p:Small=true --artifacts-path artifacts/static -o out/static --nologo -v quiet
	@touch $@

# One test project at a time: the end-to-end tests measure what the kernel holds for a router. A shell ignores SIGINT and SIGQUIT for what it starts in the background,
# and tests send them to programs that would inherit it.
test: test-programs out/fpty out/static/fpty
	env --default-signal=INT,QUIT $(DOTNET) test --max-parallel-test-modules 1

# What the tests run as peers and as programs on a terminal: Debian's package for each command.
TEST_PROGRAMS = uwsgi:uwsgi-core tmux:tmux vi:vim less:less top:procps /usr/bin/python3:python3 strace:strace unshare:util-linux \
	node:nodejs npm:npm busybox:busybox-static runc:runc crun:crun podman:podman lxc-start:lxc systemd-nspawn:systemd-container bwrap:bubblewrap hostname:hostname useradd:passwd socat:socat ip:iproute2 \
	dockerd:docker.io containerd:containerd newuidmap:uidmap zsh:zsh fish:fish mandoc:mandoc

.PHONY: test-programs
test-programs:
	@missing=; for each in $(TEST_PROGRAMS); do \
		command -v $${each%%:*} >/dev/null || missing="$$missing $${each##*:}"; \
	done; \
	[ -e /usr/lib/uwsgi/plugins/forkptyrouter_plugin.so ] || missing="$$missing uwsgi-core"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y $$missing >/dev/null; \
	else \
		echo "The tests need these packages, and only root can install them:$$missing"; exit 1; \
	fi

# The man page, docs/configuration.md and the completions are made from the option table; a test compares them.
docs: out/fpty
	@mkdir -p packaging/man packaging/completions docs
	out/fpty docs man >packaging/man/fpty.1
	out/fpty docs configuration >docs/configuration.md
	out/fpty docs completion-bash >packaging/completions/fpty.bash
	out/fpty docs completion-zsh >packaging/completions/_fpty
	out/fpty docs completion-fish >packaging/completions/fpty.fish

# The table of docs/attach.md: four ways into the same containers. Needs root, runc and podman.
.PHONY: attach-table
attach-table: out/fpty
	python3 test/EndToEnd/Attach/side_by_side.py out/fpty

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
