// SPDX-License-Identifier: GPL-2.0-only
/*
 * One of each thing that an object can have, for the tests of its life: global data of every
 * kind, a section that can be resized, a program to run, one to attach, a struct_ops.
 */
#include "bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, u32);
	__type(value, u64);
	__uint(max_entries, 16);
} pairs SEC(".maps");

const volatile struct {
	u32 factor;
	u32 table_entries;
} constants = { .factor = 2, .table_entries = 4 };
u32 offset = 5;
u64 switches;
/* Can be resized with every libbpf: its last variable is no array, so its BTF is left alone. */
struct {
	u64 entries[4];
} volatile table SEC(".data.table") = { { 1, 2, 3, 4 } };
/* Can be resized with libbpf 1.5: its last variable is an array, which libbpf makes longer in BTF. */
char text[8] SEC(".data.text") = "text";

struct numbers {
	u32 in;
	u32 out;
};

/* Computes from the context and all kinds of data; returns what stands in .rodata. */
SEC("syscall")
int compute(struct numbers *ctx)
{
	ctx->out = ctx->in * constants.factor + offset;
	return constants.factor;
}

/* Sums up a section whose length was set before load: it is the verifier that checks it. */
SEC("syscall")
int sum(struct numbers *ctx)
{
	u64 total = 0;

	for (u32 i = 0; i < constants.table_entries; i++)
		total += ((volatile u64 *)&table)[i];
	ctx->out = total;
	return 0;
}

SEC("tp_btf/sched_switch")
int count_switch(u64 *ctx)
{
	__sync_fetch_and_add(&switches, 1);
	return 0;
}

/* A TCP congestion control that does nothing: the smallest struct_ops there is. */
struct sock;
struct tcp_congestion_ops {
	u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, u32 ack, u32 acked);
	u32 (*undo_cwnd)(struct sock *sk);
	char name[16];
};

SEC("struct_ops")
u32 cc_ssthresh(u64 *ctx)
{
	return 2;
}

SEC("struct_ops")
void cc_avoid(u64 *ctx)
{
}

SEC("struct_ops")
u32 cc_undo(u64 *ctx)
{
	return 2;
}

SEC(".struct_ops.link")
struct tcp_congestion_ops control = {
	.ssthresh = (void *)cc_ssthresh,
	.cong_avoid = (void *)cc_avoid,
	.undo_cwnd = (void *)cc_undo,
	.name = "scx_it_unset",
};

char _license[] SEC("license") = "GPL";
