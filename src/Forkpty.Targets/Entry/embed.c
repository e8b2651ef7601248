/* The helper, linked from enter.c and calls.c, as bytes within fpty. */
__asm__(".section .rodata\n.globl fpty_helper, fpty_helper_end\nfpty_helper: .incbin \"" HELPER "\"\nfpty_helper_end:\n.previous");

extern const char fpty_helper[], fpty_helper_end[];

long fpty_entry_helper(const char **program)
{
	*program = fpty_helper;
	return fpty_helper_end - fpty_helper;
}
