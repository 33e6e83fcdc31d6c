// SPDX-License-Identifier: GPL-2.0-only
/* A program that the verifier refuses: it reads behind its context. */
#include "bpf.h"

SEC("syscall")
int innocent(u64 *ctx)
{
	return 0;
}

SEC("syscall")
int reads_too_far(u64 *ctx)
{
	return ctx[-1];
}

char _license[] SEC("license") = "GPL";
