// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel itself says about tasks of the class SCHED_EXT: every switch and wake-up, as
 * the sched tracepoints report them, independent of the scheduler under test.
 */
#include "bpf.h"
#include "queues.h"

char gpl[] SEC("license") = "GPL";

#define SCHED_EXT 7

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct scx_dispatch_q {
	u64 id;
};
struct sched_ext_entity {
	struct scx_dispatch_q *dsq;
	u64 slice;
};
enum scx_dsq_id_flags { SCX_DSQ_LOCAL = 1 };
enum scx_public_consts { SCX_SLICE_DFL = 1 };
struct task_struct {
	s32 pid;
	s32 tgid;
	u32 policy;
	s32 prio;
	struct sched_ext_entity scx;
};
#pragma clang attribute pop

s32 scx_bpf_dsq_nr_queued(u64 dsq_id) __ksym;

enum event_type { SWITCH_IN = 1, SWITCH_OUT, WAKEUP, EXIT };

struct event {
	u64 ns;
	s32 pid;
	s32 cpu;
	u32 type;
	u32 blocked;	 /* SWITCH_OUT: 0 if still runnable */
	s32 other_pid;	 /* the task switched from or to */
	s32 other_prio;	 /* its priority: below 100 is a real-time class */
	u64 slice;	 /* what is left of the slice */
	u32 local;	 /* it waits in its CPU's local queue */
	u32 unasked;	 /* the kernel put it there without asking, with a fresh slice of its own */
	u32 born;	 /* WAKEUP: the task's first */
	u32 unused;
};

/* SEC("syscall") count_parked */
struct parked_args {
	u32 cpus;   /* how many CPUs there may be */
	s32 parked; /* out: tasks in their parks */
};

struct observer {
	s32 ignored_tgid; /* set by Java: the test's own process */
	u32 enabled;
	u64 lost;
	struct event layout; /* keeps the types in BTF */
	enum event_type types;
};
struct observer observer SEC(".data.observer");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 * 1024 * 1024);
} events SEC(".maps");

static void report(struct task_struct *p, enum event_type type, bool blocked, bool born,
		   struct task_struct *other)
{
	struct scx_dispatch_q *dsq;
	struct event *e;

	if (!READ_ONCE(observer.enabled) || p->policy != SCHED_EXT || p->tgid == observer.ignored_tgid)
		return;
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) {
		__sync_fetch_and_add(&observer.lost, 1);
		return;
	}
	e->ns = bpf_ktime_get_ns();
	e->pid = p->pid;
	e->cpu = bpf_get_smp_processor_id();
	e->type = type;
	e->blocked = blocked;
	e->other_pid = other ? other->pid : 0;
	e->other_prio = other ? other->prio : 0;
	e->slice = p->scx.slice;
	dsq = p->scx.dsq;
	e->local = dsq && dsq->id == core_enum_value(enum scx_dsq_id_flags, SCX_DSQ_LOCAL);
	e->unasked = e->local && e->slice == core_enum_value(enum scx_public_consts, SCX_SLICE_DFL);
	e->born = born;
	e->unused = 0;
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
}

SEC("tp_btf/sched_switch")
int on_switch(u64 *ctx)
{
	struct task_struct *prev = ARG(struct task_struct *, 1);
	struct task_struct *next = ARG(struct task_struct *, 2);

	/* One that is preempted on its way to sleep is still runnable, whatever its state says. */
	report(prev, SWITCH_OUT, !ARG(u32, 0) && ARG(u32, 3), false, next);
	report(next, SWITCH_IN, false, false, prev);
	return 0;
}

SEC("tp_btf/sched_wakeup")
int on_wakeup(u64 *ctx)
{
	report(ARG(struct task_struct *, 0), WAKEUP, false, false, NULL);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int on_wakeup_new(u64 *ctx)
{
	report(ARG(struct task_struct *, 0), WAKEUP, false, true, NULL);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int on_exit(u64 *ctx)
{
	report(ARG(struct task_struct *, 0), EXIT, false, false, NULL);
	return 0;
}

/* How many tasks are in the custody of the attached scheduler. */
SEC("syscall")
int count_parked(struct parked_args *args)
{
	args->parked = 0;
	for (u32 cpu = 0; cpu < args->cpus && cpu < 64; cpu++) {
		s32 n = scx_bpf_dsq_nr_queued(DSQ_PARK + cpu);

		if (n > 0)
			args->parked += n;
	}
	return 0;
}
