/* The way into a container, a jail or a process that runs already. The kernel lets only a process with a single thread into a user namespace, and a managed process has
 * two before its Main. So this is a program of its own, static and without a C library (calls.c), which fpty has within it and starts from a sealed file in memory: a
 * hostile target that makes us execute /proc/self/exe finds nothing there that it could overwrite, and nothing of the host.
 *
 * Descriptor 3 is a socket to fpty, 4 a pipe for the report. First we LOOK, from outside: read three files of the target and open a terminal of its own. What hangs there
 * (a hostile FUSE) hangs us and not fpty, and an alarm ends us. Then fpty sends what is to be done, its length first, and we ENTER and start the program as a child of fpty
 * itself (CLONE_PARENT). A report is {step, errno, which}; the end of the pipe without a failure means that the program runs. fpty starts us with an empty environment,
 * default signals, none blocked, and /dev/null as 0 to 2. All sizes are bounded. Nothing is allocated after setns. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SOCKET = 3, REPORT = 4, LOOKED = 9 /* in /proc/self/fd */, DEADLINE = 10, MOST = 256 * 1024, WORDS = 8192, FILTERS = 64, NAMESPACES = 8, LIMITS = 16,
	DEVPTS = 0x1cd1, PROC = 0x9fa0, SYSFS = 0x62656572, PTMX_INODE = 2, PTMX = 0x502 /* the device 5:2 */ };

/* What failed; EntryStep in C# has the same numbers. STARTED is no failure: its errno is the program's pid. SUCCEEDED neither: that of who goes on for us. */
enum step { STARTED, SUCCEEDED, RECEIVE, CGROUP, SECCOMP_READ, SECCOMP_NOTIFY, WRITE_FILE, LIMIT, ALIVE, SETNS, NAMESPACE, ROOT, CLONE, TERMINAL,
	BOUNDING, GROUPS, GID, UID, CAPABILITIES, DIRECTORY, PRIVILEGES, SECCOMP, EXECUTE };

enum flags { CHROOT = 1, SET_GROUPS = 2, GROUPS_BEFORE = 4, ANY_DIRECTORY = 8, NO_NEW_PRIVS = 16, COPY_SECCOMP = 32, TOOLBOX = 64, ANYWAY = 128, PIPES = 256 };

static struct request {
	uint32_t length, flags, namespaces, limited; /* limited: bit N, limits[N] is to be set */
	uint32_t pid, uid, gid, umask, groups, writes, files, arguments, variables, filter; /* filter: instructions of one that fpty has */
	uint64_t bounding, ambient, personality, inodes[NAMESPACES]; /* bounding: the capabilities that the program may ever have; ambient: those of who is not root */
	struct { uint64_t soft, hard; } limits[LIMITS];
	/* then the groups; the filter; then strings: a file and what to write into it, and so on; the directory, a control group or "", the files to try, arguments, variables */
} request;

static const struct { uint32_t flag; const char *name; } kinds[NAMESPACES] = {
	{ CLONE_NEWUSER, "user" }, { CLONE_NEWNS, "mnt" }, { CLONE_NEWPID, "pid_for_children" }, { CLONE_NEWUTS, "uts" }, { CLONE_NEWIPC, "ipc" },
	{ CLONE_NEWNET, "net" }, { CLONE_NEWCGROUP, "cgroup" }, { 0x80 /* CLONE_NEWTIME */, "time" } };

static _Alignas(8) char memory[MOST]; /* the request with its strings; before that, a file of the target */
static char *words[WORDS + 1]; /* the strings, and a null */
static gid_t *groups = (gid_t *)(memory + sizeof request);
static struct { int count; struct sock_fprog each[FILTERS]; } filters;

static int report(enum step step, int error, int which) { return write(REPORT, (int32_t[]){ (int32_t)step, error, which }, 12) == 12 ? 0 : 126; }
static _Noreturn void end(enum step step, int error, int which) { _exit(report(step, error, which) | (step == STARTED ? 0 : 126)); }
static _Noreturn void fail(enum step step, int which) { end(step, errno, which); }
static void must(long result, enum step step, int which) { if (result < 0) fail(step, which); }

/* A length, which counts itself, and the descriptors that come with it. */
static uint32_t receive(int *descriptors, size_t room)
{
	char control[CMSG_SPACE(6 * sizeof(int))] __attribute__((aligned(8)));
	uint32_t length = 0; struct iovec part = { &length, sizeof length };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
	ssize_t count = recvmsg(SOCKET, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL);
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (count == 0)
		_exit(0); /* fpty has thought better of it, or has gone */
	if (count != sizeof length || !header || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(room * sizeof(int)))
		end(RECEIVE, EPROTO, 0);
	memcpy(descriptors, CMSG_DATA(header), room * sizeof(int));
	return length;
}

static void receive_request(int descriptors[6])
{
	uint32_t length = receive(descriptors, 6), have = sizeof length, at, wanted, found = 0;
	if (length < sizeof request || length > MOST)
		end(RECEIVE, EMSGSIZE, 1);
	for (ssize_t count; have < length; have += (uint32_t)count)
		must((count = read(SOCKET, memory + have, length - have)) <= 0 ? -1 : 0, RECEIVE, 2);
	memcpy(&request, memory, sizeof request);
	wanted = 2 * request.writes + 2 + request.files + request.arguments + request.variables;
	if (request.groups > 65536 || request.filter > BPF_MAXINSNS || request.writes > 64 || request.files > 64 || request.arguments > WORDS || request.variables > WORDS || wanted > WORDS)
		end(RECEIVE, EMSGSIZE, 3);
	at = (uint32_t)(sizeof request + request.groups * sizeof(gid_t) + request.filter * sizeof(struct sock_filter));
	filters.each[0] = (struct sock_fprog){ (unsigned short)request.filter, (void *)(groups + request.groups) };
	filters.count = request.filter > 0;
	for (; at < length && found < wanted && !memory[length - 1]; at += (uint32_t)strlen(memory + at) + 1)
		words[found++] = memory + at;
	if (found != wanted || at != length)
		end(RECEIVE, EPROTO, 4);
}

static void answer(int32_t result, int descriptor)
{
	char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8))) = { 0 };
	struct iovec parts[2] = { { &result, sizeof result }, { memory, result > 0 ? (size_t)result : 0 } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2, .msg_control = control, .msg_controllen = descriptor < 0 ? 0 : sizeof control };
	*(struct cmsghdr *)control = (struct cmsghdr){ CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
	memcpy(CMSG_DATA((struct cmsghdr *)control), &descriptor, sizeof(int));
	if (sendmsg(SOCKET, &message, MSG_NOSIGNAL) != (ssize_t)(sizeof result + parts[1].iov_len))
		_exit(126);
}

static int open_below(int directory, const char *name, uint64_t flags, uint64_t resolve)
{
	struct open_how how = { .flags = flags | O_CLOEXEC, .resolve = resolve | RESOLVE_NO_MAGICLINKS };
	int file = (int)syscall(SYS_openat2, directory, name, &how, sizeof how);
	return file < 0 ? -errno : file;
}

/* The first 64 KB of a file of the target. What is not regular counts as none and is not even opened: a device or the kernel's log obeys us where it would not the target. */
static void look_at(int root, const char *name, int is_kernels)
{
	struct stat state; struct statfs system; ssize_t count, have = 0;
	int file = dup2(open_below(root, name, O_PATH, RESOLVE_IN_ROOT), LOOKED);
	if (file >= 0 && fstat(file, &state) == 0 && S_ISREG(state.st_mode) && fstatfs(file, &system) == 0 && (is_kernels || (system.f_type != PROC && system.f_type != SYSFS && state.st_size > 0)))
		for (file = open("/proc/self/fd/9", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC); have < 64 * 1024 && (count = read(file, memory + have, 64 * 1024 - (size_t)have)) > 0;)
			have += count;
	answer(file < 0 ? file : (int32_t)have, -1);
}

/* A new terminal of the target's own devpts. No name of the target is trusted: no symbolic link is followed, the file system must be devpts, and ptmx in that
 * very file system, not something that is mounted over it. */
static int open_terminal(int root)
{
	struct statfs system; struct stat state;
	int place = open_below(root, "dev/pts", O_PATH | O_DIRECTORY, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS), master;
	if (place < 0)
		return place;
	if (fstatfs(place, &system) < 0 || system.f_type != DEVPTS)
		return -ENODEV;
	master = open_below(place, "ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK, RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS);
	if (master >= 0 && (fstat(master, &state) < 0 || state.st_ino != PTMX_INODE || !S_ISCHR(state.st_mode) || state.st_rdev != PTMX))
		return -ENODEV;
	return master;
}

/* Into a control group of version 2 a process is moved only after a grace period of the kernel, 10 ms or more; whoever is born there need not wait. Who is born in a
 * frozen one does not run, so the parent names it, before there is a program that could. Where that is forbidden (a filter, pids.max), we move after all. */
static void be_born_again(const char *group)
{
	int directory = open(group, O_PATH | O_DIRECTORY | O_CLOEXEC), child = -1, ends[2], file;
	uint64_t how[11] = { CLONE_PARENT | 1ULL << 33 /* CLONE_INTO_CGROUP */, [10] = (uint64_t)directory }; /* clone_args */
	if (directory >= 0 && syscall(SYS_pipe2, ends, O_CLOEXEC) == 0 && (child = (int)syscall(SYS_clone3, how, sizeof how)) > 0)
		end(SUCCEEDED, child, 0);
	if (child == 0) {
		close_range((unsigned)ends[1], (unsigned)ends[1], 0);
		read(ends[0], &file, 1); /* nothing comes, but the end, when our parent has named us */
		alarm(DEADLINE);
		return;
	}
	if (directory >= 0 && (file = open_below(directory, "cgroup.procs", O_WRONLY, 0)) >= 0)
		child = (int)write(file, "0", 1) - 1;
	must(request.flags & ANYWAY ? 0 : child, CGROUP, 0);
	report(SUCCEEDED, (int)syscall(SYS_getpid), 0);
}

/* The filters of the target's first thread, oldest first; it stands still for some microseconds. Another one of us may be at it (EPERM). A signal that stops it is handed on. */
static void copy_seccomp(void)
{
	long pid = request.pid, count; int status, tries = 100;
	static struct sock_filter copies[FILTERS][BPF_MAXINSNS];
	while (ptrace(PTRACE_SEIZE, pid, 0, 0) < 0)
		must(errno != EPERM || tries-- == 0 ? -1 : syscall(SYS_nanosleep, (long[]){ 0, 2000000 }, NULL), SECCOMP_READ, 0);
	must(ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0 ? -1 : waitpid((pid_t)pid, &status, __WALL), SECCOMP_READ, 0);
	must(WIFSTOPPED(status) ? 0 : -1, ALIVE, 0);
	for (; filters.count < FILTERS && (count = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, filters.count, copies[filters.count])) > 0; filters.count++)
		filters.each[filters.count] = (struct sock_fprog){ (unsigned short)count, copies[filters.count] };
	count = filters.count == FILTERS ? E2BIG : errno;
	ptrace(PTRACE_DETACH, pid, 0, status >> 16 ? 0 : WSTOPSIG(status));
	errno = (int)count, must(count == ENOENT ? 0 : -1, SECCOMP_READ, 1);
	for (int i = 0; i < filters.count; i++)
		for (struct sock_filter *each = copies[i]; each < copies[i] + filters.each[i].len; each++)
			if (each->code == (BPF_RET | BPF_K) && (each->k & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_USER_NOTIF)
				fail(SECCOMP_NOTIFY, i); /* a supervisor answers this one: a copy of it would have none */
}

static void install_filters(void) /* one of them may forbid one of the two ways to install the next */
{
	for (struct sock_fprog *each = filters.each; each < filters.each + filters.count; each++)
		must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, each) < 0 ? prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, each) : 0, SECCOMP, (int)(each - filters.each));
	filters.count = 0;
}

/* A filter without NoNewPrivs takes CAP_SYS_ADMIN, also from another user. execve takes it away: from root what the bounding set lacks, from others everything but the ambient ones. */
static void drop_capabilities(int needs_admin)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 }; struct __user_cap_data_struct data[2];
	uint64_t admin = needs_admin ? 1ULL << CAP_SYS_ADMIN : 0;
	must(syscall(SYS_capget, &header, data), CAPABILITIES, 0);
	for (int i = 0; i < 2; i++) {
		uint32_t kept = data[i].permitted & (uint32_t)((request.bounding | admin) >> 32 * i);
		data[i] = (struct __user_cap_data_struct){ request.uid == 0 ? kept : kept & (uint32_t)(admin >> 32 * i), kept, kept & (uint32_t)(request.ambient >> 32 * i) };
	}
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	must(syscall(SYS_capset, &header, data), CAPABILITIES, 1);
	for (int i = 0; i < 64; i++)
		must(request.ambient >> i & 1 ? prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0) : 0, CAPABILITIES, 2);
}

/* The path of a directory outside of the root begins with "(unreachable)"; one that was removed has none. */
static int stand_in(const char *directory)
{
	static char place[4096];
	if (chdir(directory) < 0 || syscall(SYS_getcwd, place, sizeof place) < 0)
		return -1;
	return place[0] == '/' ? 0 : (errno = EXDEV, -1);
}

/* We become what the target's processes are while none of them can see us: from the clone on, one with CAP_SYS_PTRACE over the host's user namespace can do
 * what it likes with the child. So a filter that takes a capability which the target lacks is installed here, and must allow that clone. */
static void confine(void)
{
	int needs_admin = filters.count > 0 && !(request.flags & NO_NEW_PRIVS);
	umask(request.umask);
	must(request.personality != ~0U && syscall(SYS_personality, request.personality) < 0 && !(request.flags & ANYWAY) ? -1 : 0, PRIVILEGES, 2);
	must(syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, NULL) < 0 && errno != ENOSYS && errno != EPERM ? -1 : 0, PRIVILEGES, 1); /* not the keys of whoever attaches; where a filter of ours forbids that (EPERM), it is the program's too, which cannot ask for a key */
	for (int i = 0; i < 64; i++)
		must(!(request.bounding >> i & 1) && prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1 ? prctl(PR_CAPBSET_DROP, i, 0, 0, 0) : 0, BOUNDING, i);
	must((request.flags & (SET_GROUPS | GROUPS_BEFORE)) == SET_GROUPS ? setgroups(request.groups, groups) : 0, GROUPS, 0);
	must(setresgid(request.gid, request.gid, request.gid), GID, (int)request.gid);
	prctl(PR_SET_KEEPCAPS, needs_admin || request.ambient, 0, 0, 0);
	must(setresuid(request.uid, request.uid, request.uid), UID, (int)request.uid);
	drop_capabilities(needs_admin);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* a change of credentials makes of it what fs.suid_dumpable says */
	must(stand_in(words[2 * request.writes]) < 0 && (!(request.flags & ANY_DIRECTORY) || stand_in("/") < 0) ? -1 : 0, DIRECTORY, 0); /* as the user, who may not go everywhere */
	must(request.flags & NO_NEW_PRIVS ? prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) : 0, PRIVILEGES, 0);
	if (needs_admin && !(request.bounding >> CAP_SYS_ADMIN & 1) && (request.bounding >> CAP_SYS_PTRACE & 1))
		install_filters(), drop_capabilities(0);
}

/* In the program to be. fpty has a deadline for it. */
static _Noreturn void become(int toolbox)
{
	char **files = words + 2 * request.writes + 2, **arguments = files + request.files, **variables = arguments + request.arguments;
	static char *argv[WORDS + 1]; int error = ENOENT;
	memcpy(argv, arguments, request.arguments * sizeof *argv); /* the variables are ended by the null at the end of all words */
	must(setsid() < 0 ? -1 : request.flags & PIPES ? 0 : ioctl(0, TIOCSCTTY, 0), TERMINAL, 0);
	install_filters();
	must(request.flags & TOOLBOX ? syscall(SYS_execveat, toolbox, "", argv, variables, AT_EMPTY_PATH) : 0, EXECUTE, 1);
	for (int i = 0; i < (int)request.files; i++)
		if (execve(files[i], argv, variables) < 0 && errno != ENOENT && errno != ENOTDIR && error != EACCES)
			error = errno;
	end(EXECUTE, error, 0);
}

static _Noreturn void enter(void)
{
	int got[6], self, file, child, i; struct stat state; /* got: pidfd, root, the program's 0 to 2, toolbox (where there is none, anything) */
	receive_request(got);
	if (*words[2 * request.writes + 1])
		be_born_again(words[2 * request.writes + 1]);
	if (request.flags & COPY_SECCOMP)
		copy_seccomp();
	for (i = 0; i < (int)request.writes; i++) /* control groups of version 1 and the like, before we lose the right to */
		must(((file = open(words[2 * i], O_WRONLY | O_CLOEXEC)) < 0 || write(file, words[2 * i + 1], strlen(words[2 * i + 1])) < 0) && !(request.flags & ANYWAY) ? -1 : 0, WRITE_FILE, i);
	syscall(SYS_setpriority, PRIO_PROCESS, 0, 20 - syscall(SYS_getpriority, PRIO_PROCESS, request.pid)); /* a better one takes a right that we may not have */
	self = open("/proc/self/ns", O_PATH | O_DIRECTORY | O_CLOEXEC); /* of the host's /proc, whatever the target has there; before its limit of descriptors */
	for (i = 0; i < LIMITS; i++)
		must(request.limited >> i & 1 ? setrlimit((__rlimit_resource_t)i, &(struct rlimit){ request.limits[i].soft, request.limits[i].hard }) : 0, LIMIT, i);
	must(request.flags & GROUPS_BEFORE ? setgroups(request.groups, groups) : 0, GROUPS, 1);
	must(self < 0 ? self : syscall(SYS_pidfd_send_signal, got[0], 0, NULL, 0), ALIVE, 0);
	for (i = 0; i < 3; i++)
		must(dup2(got[2 + i], i), TERMINAL, 1);
	must(request.namespaces ? setns(got[0], (int)request.namespaces) : 0, SETNS, 0);
	for (i = 0; i < 3 && (request.namespaces & CLONE_NEWUSER); i++) /* who is no root outside may give them away only now */
		syscall(SYS_fchown, i, request.uid, -1);
	for (i = 0; i < NAMESPACES; i++)
		must((request.namespaces & kinds[i].flag) && (fstatat(self, kinds[i].name, &state, 0) < 0 || state.st_ino != request.inodes[i]) ? -1 : 0, NAMESPACE, i);
	must((request.flags & CHROOT) && (fchdir(got[1]) < 0 || chroot(".") < 0) ? -1 : 0, ROOT, 0);
	must(dup3(got[5], SOCKET, O_CLOEXEC), TERMINAL, 2);
	close_range(REPORT + 1, ~0U, 0);
	confine();
	must(child = (int)syscall(SYS_clone, CLONE_PARENT, 0, 0, 0, 0), CLONE, 0);
	if (child == 0)
		become(SOCKET);
	end(STARTED, child, 0);
}

void fpty_enter(void)
{
	int got[2], terminal; /* got: root, the process's directory in /proc */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* nobody in the target may trace us or look into our /proc */
	alarm(DEADLINE);
	close_range(REPORT + 1, ~0U, 0);
	fcntl(REPORT, F_SETFD, FD_CLOEXEC);
	receive(got, 2);
	look_at(got[0], "etc/passwd", 0);
	look_at(got[0], "etc/group", 0);
	look_at(got[1], "environ", 1);
	terminal = open_terminal(got[0]);
	answer(terminal < 0 ? terminal : 0, terminal);
	close_range(REPORT + 1, ~0U, 0);
	enter();
}
