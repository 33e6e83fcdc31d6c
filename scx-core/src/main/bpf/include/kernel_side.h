/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks that are not the policy's business: direct dispatch, congestion, overdue tasks. They
 * share their CPUs by weight, each CPU's queue and the one for all ordered by a virtual time
 * kept in task storage, apart from the policy's.
 */
#ifndef SCX_KERNEL_SIDE_H
#define SCX_KERNEL_SIDE_H

#include "state.h"

/*
 * Kernel threads wait for no user space: anything may be waiting for one of them, the loop too,
 * and sched_ext's own watchdog is among them. They share by weight with the rest.
 */
static bool is_kthread(const struct task_struct *p)
{
	return p->flags & PF_KTHREAD;
}

/*
 * Who slept long may come back at most one slice ahead of everybody, and so may who is overdue,
 * for which ctx is NULL. A kernel thread that wakes up comes before all these: the watchdog's
 * worker, behind hundreds that are overdue, would be too late to tell the kernel that tasks run.
 */
static u64 kernel_vtime_of(const struct task_struct *p, struct task_ctx *ctx)
{
	u64 floor = READ_ONCE(state.kernel_vtime) - config.slice_ns;

	if (is_kthread(p) && (!ctx || !ctx->exec_runtime))
		return floor - config.slice_ns;
	if (!ctx)
		return floor;
	if (before(ctx->kernel_vtime, floor))
		ctx->kernel_vtime = floor;
	return ctx->kernel_vtime;
}

/* The clock is the vtime of who runs: it had the smallest of all. */
static void start_kernel_vtime(struct task_ctx *ctx)
{
	u64 seen = READ_ONCE(state.kernel_vtime);

	/* a lost update is made up for by the next */
	if (ctx->kernel_side && before(seen, ctx->kernel_vtime))
		__sync_val_compare_and_swap(&state.kernel_vtime, seen, ctx->kernel_vtime);
}

static void charge_kernel_vtime(struct task_struct *p, struct task_ctx *ctx, u64 used)
{
	u32 weight = p->scx.weight;

	if (ctx->kernel_side)
		ctx->kernel_vtime += used * 100 / (weight ? weight : 1);
}

/*
 * A long queue of long slices is a watchdog eviction: the more wait, the shorter. How many wait is
 * what the timer counted last; a slice that was decided before is cut when it begins.
 */
static u64 cap_slice(u64 slice)
{
	u64 waiting = READ_ONCE(state.longest_queue);
	u64 cap = waiting ? config.max_slice_ns / (waiting + 1) : config.max_slice_ns;

	return min_u64(slice, cap ? cap : 1);
}

/*
 * A CPU this task may run on: where it is, else its first allowed one. Negative in the moment
 * when its last one goes away: then it belongs in a queue for all.
 */
static s32 allowed_cpu(struct task_struct *p)
{
	s32 cpu = scx_bpf_task_cpu(p);
	const struct cpumask *online;

	if (cpu_online(cpu) && bpf_cpumask_test_cpu(cpu, p->cpus_ptr))
		return cpu;
	online = scx_bpf_get_online_cpumask();
	cpu = bpf_cpumask_first_and(p->cpus_ptr, online);
	scx_bpf_put_cpumask(online);
	return cpu_online(cpu) ? cpu : -1;
}

/*
 * The kernel side's queue for a task, and the idle CPU to wake for it (or -1). Tasks that may
 * not run everywhere stay out of the queue for all: each CPU would step over them.
 */
static u64 kernel_queue(struct task_struct *p, s32 *wake)
{
	s32 cpu = scx_bpf_task_cpu(p);

	if (bpf_cpumask_test_cpu(cpu, p->cpus_ptr) && scx_bpf_test_and_clear_cpu_idle(cpu)) {
		*wake = cpu;
		return DSQ_KERNEL + cpu;
	}
	*wake = pick_idle_cpu(p->cpus_ptr, cpu, true);
	if (*wake >= 0)
		return DSQ_KERNEL + *wake;
	if (p->nr_cpus_allowed >= (s32)state.online_cpus)
		return DSQ_KERNEL_ANY;
	cpu = allowed_cpu(p);
	return cpu >= 0 ? DSQ_KERNEL + cpu : DSQ_KERNEL_ANY;
}

/* To a queue of the kernel side; for a task without storage ctx is NULL. */
static void insert_kernel_side(struct task_struct *p, struct task_ctx *ctx, u64 queue)
{
	if (ctx)
		ctx->kernel_side = true;
	expect_in(queue);
	scx_bpf_dsq_insert_vtime(p, queue, cap_slice(config.slice_ns),
				 kernel_vtime_of(p, ctx), 0);
}

static void enqueue_kernel_side(struct task_struct *p, struct task_ctx *ctx)
{
	s32 wake;

	insert_kernel_side(p, ctx, kernel_queue(p, &wake));
	if (wake >= 0)
		kick_idle(wake);
}

/* How many tasks of a queue are looked at to find one that may run here. */
#define FIRST_LOOKS 8

/* The vtime of the first in a queue that may run on a CPU; false if none of the first few may. */
static __noinline bool first_vtime(u64 queue, s32 cpu, u64 *vtime)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	bool found = false;

	if (!vtime)
		return false;
	if (bpf_iter_scx_dsq_new(&it, queue, 0))
		goto out;
	FOR_RANGE(i, 0, FIRST_LOOKS) {
		p = bpf_iter_scx_dsq_next(&it);
		if (!p)
			break;
		if (bpf_cpumask_test_cpu(cpu, p->cpus_ptr)) {
			*vtime = p->scx.dsq_vtime;
			found = true;
			break;
		}
	}
out:
	bpf_iter_scx_dsq_destroy(&it);
	return found;
}

enum side { DECIDED_SIDE, KERNEL_SIDE };

/*
 * One of the two queues of a side: this CPU's, and the one for all. Of decided tasks whoever has the
 * smaller vtime, and where a policy has the same for all, they take turns. So do the kernel side's
 * two: kernel threads that wake up come first in a CPU's queue, and again and again. A global
 * function, as count() is.
 */
__noinline int take_first(s32 cpu, u32 side, u32 any_next)
{
	struct cpu_state *c = cpu_state(cpu);
	u64 local = (side == DECIDED_SIDE ? DSQ_DECIDED : DSQ_KERNEL) + cpu;
	u64 any = side == DECIDED_SIDE ? DSQ_DECIDED_ANY : DSQ_KERNEL_ANY;
	u64 *any_at = side == DECIDED_SIDE ? &state.decided_any_at : &state.kernel_any_at;
	u64 here = 0, anywhere = 0;
	u64 *local_at;

	if (!c)
		return false;
	local_at = side == DECIDED_SIDE ? &c->decided_at : &c->kernel_at;
	if (side == DECIDED_SIDE && READ_ONCE(*local_at) && READ_ONCE(*any_at) &&
	    first_vtime(any, cpu, &anywhere) && first_vtime(local, cpu, &here) && anywhere != here)
		any_next = before(anywhere, here);
	if (any_next)
		return take_from(any, any_at) || take_from(local, local_at);
	return take_from(local, local_at) || take_from(any, any_at);
}

/*
 * One task for this CPU. Those that were decided and the kernel side's take turns, so that neither
 * starves. While the loop is silent nothing is decided; what was before, the timer still finds.
 */
static bool take_task(s32 cpu, struct cpu_state *c, bool none_decided)
{
	u32 turn = c->turn;

	if (turn & 1) {
		c->turn = turn + 1;
		if (take_first(cpu, KERNEL_SIDE, turn & 2))
			return true;
		return !none_decided && take_first(cpu, DECIDED_SIDE, turn & 2);
	}
	if (!none_decided && take_first(cpu, DECIDED_SIDE, turn & 2)) {
		c->turn = turn + 1;
		return true;
	}
	c->turn = turn + 2;
	return take_first(cpu, KERNEL_SIDE, turn & 2);
}

#endif
