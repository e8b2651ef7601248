/*
 * What enter.c needs of a C library, and nothing else: it is linked without one, so that the helper is some 6 KB, needs no loader and starts in 0.2 ms. Each
 * function is that of its man page, for a process with one thread.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined __x86_64__
__asm__(".globl _start\n_start: xor %ebp, %ebp\nand $-16, %rsp\ncall fpty_enter\nhlt");

static long call(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
	__asm__ volatile("syscall" : "+a"(number) : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
	return number;
}
#elif defined __aarch64__
__asm__(".globl _start\n_start: mov x29, xzr\nmov x30, xzr\nb fpty_enter");

static long call(long number, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c, x3 __asm__("x3") = d, x4 __asm__("x4") = e, x5 __asm__("x5") = f;
	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	return x0;
}
#else
#error "a system call of this architecture is missing here"
#endif

static int last_error;
int *__errno_location(void) { return &last_error; }

static long result(long value)
{
	if (value >= 0 || value < -4095)
		return value;
	last_error = (int)-value;
	return -1;
}

#define CALL6(number, a, b, c, d, e, f) result(call(number, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f)))
#define CALL(number, a, b, c) CALL6(number, a, b, c, 0, 0, 0)
#define ARGUMENT(before) ({ va_list rest; va_start(rest, before); long argument = va_arg(rest, long); va_end(rest); argument; })

long syscall(long number, ...)
{
	va_list rest;
	long a[6];
	va_start(rest, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(rest, long); /* what was not passed, the kernel does not look at */
	va_end(rest);
	return CALL6(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

void _exit(int status)
{
	for (;;)
		CALL(SYS_exit_group, status, 0, 0);
}

ssize_t read(int file, void *buffer, size_t size) { return CALL(SYS_read, file, buffer, size); }
ssize_t write(int file, const void *buffer, size_t size) { return CALL(SYS_write, file, buffer, size); }
ssize_t recvmsg(int socket, struct msghdr *message, int flags) { return CALL(SYS_recvmsg, socket, message, flags); }
ssize_t sendmsg(int socket, const struct msghdr *message, int flags) { return CALL(SYS_sendmsg, socket, message, flags); }
int open(const char *path, int flags, ...) { return (int)CALL(SYS_openat, AT_FDCWD, path, flags); }
int close_range(unsigned first, unsigned last, int flags) { return (int)CALL(SYS_close_range, first, last, flags); }
int dup2(int file, int as) { return (int)CALL(SYS_dup3, file, as, 0); }
int dup3(int file, int as, int flags) { return (int)CALL(SYS_dup3, file, as, flags); }
int fcntl(int file, int command, ...) { return (int)CALL(SYS_fcntl, file, command, ARGUMENT(command)); }
int ioctl(int file, unsigned long request, ...) { return (int)CALL(SYS_ioctl, file, request, ARGUMENT(request)); }
int fstat(int file, struct stat *state) { return (int)CALL(SYS_fstat, file, state, 0); }
int fstatat(int directory, const char *path, struct stat *state, int flags) { return (int)CALL6(SYS_newfstatat, directory, path, state, flags, 0, 0); }
int fstatfs(int file, struct statfs *state) { return (int)CALL(SYS_fstatfs, file, state, 0); }
int chdir(const char *path) { return (int)CALL(SYS_chdir, path, 0, 0); }
int fchdir(int directory) { return (int)CALL(SYS_fchdir, directory, 0, 0); }
int chroot(const char *path) { return (int)CALL(SYS_chroot, path, 0, 0); }
int setns(int file, int kinds) { return (int)CALL(SYS_setns, file, kinds, 0); }
int setgroups(size_t count, const gid_t *groups) { return (int)CALL(SYS_setgroups, count, groups, 0); }
int setresgid(gid_t real, gid_t effective, gid_t saved) { return (int)CALL(SYS_setresgid, real, effective, saved); }
int setresuid(uid_t real, uid_t effective, uid_t saved) { return (int)CALL(SYS_setresuid, real, effective, saved); }
int setrlimit(__rlimit_resource_t which, const struct rlimit *limit) { return (int)CALL(SYS_setrlimit, which, limit, 0); }
mode_t umask(mode_t mask) { return (mode_t)CALL(SYS_umask, mask, 0, 0); }
pid_t setsid(void) { return (pid_t)CALL(SYS_setsid, 0, 0, 0); }
pid_t waitpid(pid_t pid, int *status, int options) { return (pid_t)CALL6(SYS_wait4, pid, status, options, 0, 0, 0); }
int execve(const char *path, char *const arguments[], char *const variables[]) { return (int)CALL(SYS_execve, path, arguments, variables); }
unsigned alarm(unsigned seconds) { return (unsigned)CALL(SYS_setitimer, ITIMER_REAL, (&(struct itimerval){ .it_value.tv_sec = seconds }), 0); }

int prctl(int option, ...)
{
	va_list rest;
	long a[4];
	va_start(rest, option);
	for (int i = 0; i < 4; i++)
		a[i] = va_arg(rest, long);
	va_end(rest);
	return (int)CALL6(SYS_prctl, option, a[0], a[1], a[2], a[3], 0);
}

long ptrace(enum __ptrace_request request, ...)
{
	va_list rest;
	long a[3];
	va_start(rest, request);
	for (int i = 0; i < 3; i++)
		a[i] = va_arg(rest, long);
	va_end(rest);
	return CALL6(SYS_ptrace, request, a[0], a[1], a[2], 0, 0);
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((char *)to)[i] = ((const char *)from)[i];
	return to;
}

void *memset(void *at, int value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((char *)at)[i] = (char)value;
	return at;
}

size_t strlen(const char *text)
{
	size_t length = 0;
	while (text[length])
		length++;
	return length;
}
