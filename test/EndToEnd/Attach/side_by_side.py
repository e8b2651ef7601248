#!/usr/bin/python3
"""The table of docs/attach.md: four ways into the same containers, and what each gives. Run by root: make attach-table.

Every way is started on a terminal of 33 rows and 99 columns and runs the same questions. Needs runc, podman, util-linux, busybox-static.
"""
import fcntl, json, os, pty, re, select, shutil, signal, struct, subprocess, sys, tempfile, termios, time

FPTY = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "out/fpty")
NAME = "fpty-side-by-side-%d" % os.getpid()
PODMAN = ["podman", "--runtime", "runc", "--cgroup-manager=cgroupfs"]
SECCOMP = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]}
QUESTIONS = """
echo "tty=$(tty)"; echo "size at start=$(stty size)"; echo "user=$(id -u):$(id -g)"; echo "groups=$(id -G)"
while read a b c; do case $a in CapEff:|CapBnd:|NoNewPrivs:|Seccomp:) echo "${a%:}=$b";; esac; done </proc/self/status
echo "pids cgroup=$(grep -E '^[0-9]+:pids:' /proc/self/cgroup | sed 's/.*://')"
"""


def terminal(command):
    pid, master = pty.fork()
    if pid == 0:
        time.sleep(0.05)  # the size is set by then
        os.execvp(command[0], command)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 99, 0, 0))
    return pid, master


def read(master, mark=None, seconds=15):
    text, end = b"", time.time() + seconds
    while time.time() < end and not (mark and mark in text):
        if select.select([master], [], [], 0.1)[0]:
            try:
                data = os.read(master, 65536)
            except OSError:
                break
            if not data:
                break
            text += data
    return text.decode(errors="replace")


def run(command):
    pid, master = terminal(command)
    text = read(master)
    os.close(master)
    return text, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def left_over(command, first):
    """Processes of the target that are still there a second after the client was killed."""
    pid, master = terminal(command)
    read(master, b"ready")
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    time.sleep(1)
    os.close(master)
    time.sleep(0.2)
    space = os.readlink("/proc/%d/ns/pid" % first)
    left = []
    for each in filter(str.isdigit, os.listdir("/proc")):
        try:
            ended = open("/proc/%s/stat" % each).read().rpartition(")")[2].split()[0] == "Z"  # the first process does not reap
            if int(each) != first and not ended and os.readlink("/proc/%s/ns/pid" % each) == space:
                left.append(int(each))
        except OSError:
            pass
    for each in left:
        os.kill(each, signal.SIGKILL)
    return str(len(left))


def column(enter, first):
    facts = {}
    text, _ = run(enter(QUESTIONS))
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if equals:
            facts[name.strip()] = value.strip()
    facts["exit code of `exit 7`"] = str(run(enter("exit 7"))[1])
    facts["of `kill -TERM $$`"] = str(run(enter("kill -TERM $$"))[1])
    facts["left over when the client is killed"] = left_over(enter("echo ready; sleep 300; true"), first)
    return facts


def prepare(folder):
    root = folder + "/root"
    for each in ("bin", "dev", "proc", "sys", "etc", "tmp"):
        os.makedirs(root + "/" + each)
    shutil.copy(shutil.which("busybox"), root + "/bin/busybox")
    for each in ("sh", "sleep", "tty", "stty", "id", "grep", "sed", "true"):
        os.symlink("busybox", root + "/bin/" + each)
    open(root + "/etc/passwd", "w").write("root:x:0:0:root:/:/bin/sh\nbob:x:1000:1000::/:/bin/sh\n")
    open(root + "/etc/group", "w").write("root:x:0:\nbob:x:1000:\nextra:x:1500:bob\n")
    subprocess.run(["runc", "spec"], cwd=folder, check=True)
    config = json.load(open(folder + "/config.json"))
    config["process"].update(terminal=False, args=["/bin/sleep", "100000"], user={"uid": 1000, "gid": 1000, "additionalGids": [1500]})
    config["root"] = {"path": root, "readonly": False}
    config["linux"]["seccomp"] = SECCOMP
    json.dump(config, open(folder + "/config.json", "w"))
    quiet = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run(["runc", "run", "-d", NAME], cwd=folder, check=True, **quiet)
    subprocess.run(PODMAN + ["run", "-d", "--name", NAME, "--network", "none", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000",
                             "--user", "1000:1000", "--group-add", "1500", "--rootfs", root, "/bin/sleep", "100000"], check=True, **quiet)
    runc = json.loads(subprocess.check_output(["runc", "state", NAME]))["pid"]
    podman = int(subprocess.check_output(["podman", "inspect", "-f", "{{.State.Pid}}", NAME]))
    return runc, podman


def first_process(pid):
    facts = {}
    for line in open("/proc/%d/status" % pid):
        name, _, value = line.partition(":")
        if name in ("CapEff", "CapBnd", "NoNewPrivs", "Seccomp"):
            facts[name] = value.strip()
        if name in ("Uid", "Gid"):
            facts["user"] = facts.get("user", "") + (":" if "user" in facts else "") + value.split()[0]
        if name == "Groups":
            facts["groups"] = value.strip()
    return facts


def main():
    folder = tempfile.mkdtemp()
    try:
        runc, podman = prepare(folder)
        shell = lambda *words: lambda line: list(words) + ["/bin/sh", "-c", line]
        tables = []
        for title, pid, ways in (
            ("A container of runc: user 1000, few capabilities, NoNewPrivs, a seccomp filter", runc, {
                "`runc exec -t`": shell("runc", "exec", "-t", NAME), "`nsenter -a`": shell("nsenter", "-t", str(runc), "-a"), "`fpty attach`": shell(FPTY, "attach", str(runc), "--")}),
            ("A container of podman: user 1000, podman's own capabilities and seccomp filter", podman, {
                "`podman exec -it`": shell(*PODMAN, "exec", "-it", NAME), "`runc exec -t`": shell("runc", "exec", "-t", subprocess.check_output(["podman", "inspect", "-f", "{{.Id}}", NAME], text=True).strip()),
                "`nsenter -a`": shell("nsenter", "-t", str(podman), "-a"), "`fpty attach`": shell(FPTY, "attach", str(podman), "--")}),
        ):
            columns = {"first process": first_process(pid), **{name: column(way, pid) for name, way in ways.items()}}
            rows = list(dict.fromkeys(row for facts in columns.values() for row in facts))
            rows.sort(key=lambda row: (row not in columns["`fpty attach`"], list(columns["`fpty attach`"]).index(row) if row in columns["`fpty attach`"] else 0))
            tables.append("### %s\n\n| | %s |\n| --- |%s\n" % (title, " | ".join(columns), " --- |" * len(columns))
                          + "".join("| %s | %s |\n" % (row, " | ".join(re.sub(r"[0-9a-f]{64}|%s" % re.escape(NAME), "…", facts.get(row, "")) for facts in columns.values())) for row in rows))
        print("\n".join(tables))
    finally:
        subprocess.run("runc delete -f %s; podman rm -f -t 0 %s; umount %s/root 2>/dev/null" % (NAME, NAME, folder), shell=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)


main()
