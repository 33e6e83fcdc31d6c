/* SPDX-License-Identifier: GPL-2.0-only */
/* Maps, globals and per-task state of the kernel side, and the small helpers on them. */
#ifndef SCX_STATE_H
#define SCX_STATE_H

#include "kernel.h"
#include "queues.h"
#include "wire.h"

/*
 * Custody of one task: generation << 2 | state, changed by atomic operations only, once the
 * scheduler knows the task.
 */
enum custody {
	FREE = 0,
	PARKED = 1,
	CLAIMED = 2,
	CUSTODY_MASK = 3,
	CUSTODY_SHIFT = 2,
};

struct task_ctx {
	u64 custody;
	u64 park;	  /* DSQ id, valid while PARKED or CLAIMED */
	u64 parked_at;
	u64 wait_since;	  /* runnable, or preempted, since */
	u64 start_ts;
	u64 stop_ts;
	u64 exec_runtime; /* since it became runnable */
	u64 vtime;	  /* of the policy's last decision */
	u64 policy;	  /* which one that was */
	u64 kernel_vtime; /* weighted run time on the kernel side */
	s32 selected;	  /* by ops.select_cpu(): an idle CPU plus 1, -1 for none; 0 if not asked */
	bool kernel_side; /* dispatched by the kernel side, not by a decision */
	bool urgent;	  /* overdue, and put before all others of its queue */
	bool stopped;	  /* not to run on: it sleeps, or is only taken out to be changed */
	u64 nvcsw;	  /* of the task, when it stopped */
};

const volatile struct scheduler_config config SEC(".rodata.config");
struct scheduler_state state SEC(".data.state");
struct exit_record exit_record SEC(".data.exit");
/*
 * The kernel's dump; Java sets its size before load. A struct, because libbpf 1.4 cannot resize a
 * section that ends in an array: it would move the BTF that the struct_ops is described by.
 */
struct {
	char first;
} exit_dump SEC(".data.dump");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 512 * 1024); /* 5,461 records */
} queued SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 256 * 1024); /* 4,681 records */
} dispatched SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* Java sets the number of possible CPUs before load */
	__type(key, u32);
	__type(value, struct cpu_state);
} cpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_ctx);
} tasks SEC(".maps");

struct timer_slot {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct timer_slot);
} timers SEC(".maps");

static struct cpu_state *cpu_state(u32 cpu)
{
	return bpf_map_lookup_elem(&cpus, &cpu);
}

/*
 * A global function, as count_latency() is: the verifier looks at it once, and not again on each
 * path that leads here, of which there are thousands.
 */
__noinline int count(u32 counter)
{
	struct cpu_state *c = cpu_state(bpf_get_smp_processor_id());

	if (c && counter < sizeof(c->counters) / sizeof(u64))
		__sync_fetch_and_add((u64 *)&c->counters + counter, 1);
	return 0;
}

#define COUNT(counter) count(__builtin_offsetof(struct cpu_counters, counter) / sizeof(u64))

/* To the kernel's trace pipe, with the option debug. */
#define DEBUG(text, ...)                                              \
	({                                                            \
		static const char __text[] = text;                    \
		bpf_trace_printk(__text, sizeof(__text), __VA_ARGS__); \
	})

/* Counts i from start to end; the verifier need not know the end. */
#define FOR_RANGE(i, start, end)                                                          \
	for (struct bpf_iter_num __it __attribute__((cleanup(bpf_iter_num_destroy))),     \
	     *__once = (bpf_iter_num_new(&__it, (start), (end)), &__it);                  \
	     __once; __once = NULL)                                                       \
		for (int i __attribute__((unused)), *__next;                              \
		     (__next = bpf_iter_num_next(&__it)) && (i = *__next, true);)

/*
 * CLOCK_MONOTONIC, as System.nanoTime(). Not scx_bpf_now(): it reads the run queue's clock while
 * that is said to be valid, and a CPU that another one takes a task from is left with one that
 * is, and stands still until this CPU schedules again (seen on 6.18: timers found nobody overdue).
 */
static u64 now(void)
{
	return bpf_ktime_get_ns();
}

/*
 * Orders what this CPU wrote before what it reads next, on every architecture: only an atomic
 * operation that returns something is a full barrier.
 */
static void full_barrier(void)
{
	struct cpu_state *c = cpu_state(bpf_get_smp_processor_id());

	if (c)
		__sync_lock_test_and_set(&c->barrier, 1);
}

static u64 min_u64(u64 a, u64 b)
{
	return a < b ? a : b;
}

/* Vtimes wrap: a is before b if the difference is negative. */
static bool before(u64 a, u64 b)
{
	return (s64)(a - b) < 0;
}

static bool is_loop(const struct task_struct *p)
{
	return p->pid == state.loop_pid;
}

static bool is_own(const struct task_struct *p)
{
	return p->tgid == state.loop_tgid;
}

static bool cpu_online(s32 cpu)
{
	struct cpu_state *c = cpu < 0 ? NULL : cpu_state(cpu);

	return c && c->online;
}

static struct task_ctx *task_ctx(struct task_struct *p)
{
	return bpf_task_storage_get(&tasks, p, NULL, 0);
}

/*
 * A task is queued or, where the kernel leaves ops.enqueue() out, runs: a new wait begins if it has
 * slept. A change of affinity or priority takes a task out for a moment too; it waits on all the same.
 */
static void note_runnable(struct task_struct *p, struct task_ctx *ctx)
{
	if (!ctx->stopped)
		return;
	ctx->stopped = false;
	if (p->nvcsw == ctx->nvcsw)
		return;
	ctx->wait_since = now();
	ctx->exec_runtime = 0;
}

/*
 * Creating task storage can fail although there is memory: right after a detach the storage
 * of the scheduler before is still being torn down (seen on 6.18). A few tries cost nothing.
 */
static struct task_ctx *create_task_ctx(struct task_struct *p)
{
	struct task_ctx *ctx;

	FOR_RANGE(i, 0, 4) {
		ctx = bpf_task_storage_get(&tasks, p, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
		if (ctx)
			return ctx;
	}
	return NULL;
}

/*
 * To look into a queue costs as much as all else that ops.dispatch() does, and most are empty. So
 * whoever puts something in says when, in jiffies, and whoever finds nothing there says so too: not
 * at once, for what ops.enqueue() puts in is there only after it has returned. Whatever is
 * overlooked the timer finds.
 */
static void expect(u64 *since)
{
	u64 t = bpf_jiffies64();

	if (READ_ONCE(*since) != t)
		WRITE_ONCE(*since, t);
}

#define SETTLED_JIFFIES 2

static bool take_from(u64 queue, u64 *since)
{
	u64 seen = READ_ONCE(*since);

	if (!seen)
		return false;
	if (scx_bpf_dsq_move_to_local(queue))
		return true;
	if (bpf_jiffies64() - seen > SETTLED_JIFFIES && scx_bpf_dsq_nr_queued(queue) <= 0)
		__sync_val_compare_and_swap(since, seen, 0);
	return false;
}

/* The same for a queue that is told by its id; a global function, as count() is. */
__noinline int expect_in(u64 queue)
{
	struct cpu_state *c;

	if (queue == DSQ_DECIDED_ANY) {
		expect(&state.decided_any_at);
	} else if (queue == DSQ_KERNEL_ANY) {
		expect(&state.kernel_any_at);
	} else if ((c = cpu_state(queue & (DSQ_PARK - 1)))) {
		if (queue >= DSQ_KERNEL)
			expect(&c->kernel_at);
		else
			expect(&c->decided_at);
	}
	return 0;
}

/* An idle CPU among these, claimed; near decides the NUMA node where nodes are told apart. */
static s32 pick_idle_cpu(const struct cpumask *allowed, s32 near, bool same_node)
{
	u64 flags = 0;

	if (!config.numa_local)
		return scx_bpf_pick_idle_cpu(allowed, 0);
	if (!ksym_exists(scx_bpf_pick_idle_cpu_node) || !ksym_exists(scx_bpf_cpu_node))
		return -1;
	if (same_node)
		flags = core_enum_value(enum scx_pick_idle_cpu_flags, SCX_PICK_IDLE_IN_NODE);
	return scx_bpf_pick_idle_cpu_node(allowed, scx_bpf_cpu_node(near), flags);
}

/* Any idle CPU at all, claimed. */
static s32 pick_any_idle_cpu(s32 near)
{
	const struct cpumask *online = scx_bpf_get_online_cpumask();
	s32 cpu = pick_idle_cpu(online, near, false);

	scx_bpf_put_cpumask(online);
	return cpu;
}

static void kick_idle(s32 cpu)
{
	scx_bpf_kick_cpu(cpu, core_enum_value(enum scx_kick_flags, SCX_KICK_IDLE));
}

static void kick_preempt(s32 cpu)
{
	scx_bpf_kick_cpu(cpu, core_enum_value(enum scx_kick_flags, SCX_KICK_PREEMPT));
}

#endif
