// SPDX-License-Identifier: GPL-2.0-only
/* The scheduler's program and one more, which the verifier refuses: it reads before its context. */
#include "../main.bpf.c"

SEC("syscall")
int reads_too_far(u64 *ctx)
{
	return ctx[-1];
}
