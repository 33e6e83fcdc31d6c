// SPDX-License-Identifier: GPL-2.0-only
/* Calls a function that no kernel has. */
#include "bpf.h"

extern int scx_no_such_kfunc(void) __ksym;

SEC("syscall")
int calls_nobody(u64 *ctx)
{
	return scx_no_such_kfunc();
}

char _license[] SEC("license") = "GPL";
