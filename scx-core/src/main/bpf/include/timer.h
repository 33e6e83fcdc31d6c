/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The authority when no CPU comes by by itself: tasks that wait for too long, CPUs that were
 * claimed and not used, and a loop that gets no CPU.
 */
#ifndef SCX_TIMER_H
#define SCX_TIMER_H

#include "custody.h"

/* How many tasks of a queue are looked at each time: who is overdue may stand behind many who are not. */
#define SWEEP_BATCH 512

static bool overdue(const struct task_ctx *ctx, u64 t)
{
	return (s64)(t - ctx->wait_since) >= (s64)config.overdue_ns;
}

/*
 * Moves an overdue task to a queue of the kernel side, before all others. It may be in that very
 * queue already: there too somebody can be last for ever.
 */
static bool rescue(struct bpf_iter_scx_dsq *it, struct task_struct *p, struct task_ctx *ctx,
		   u64 from)
{
	bool was_kernel_side = ctx->kernel_side, was_urgent = ctx->urgent, moved = false;
	s32 wake;
	u64 queue = kernel_queue(p, &wake);

	if (queue != from || !was_urgent) {
		ctx->kernel_side = ctx->urgent = true;
		scx_bpf_dsq_move_set_slice(it, cap_slice(config.slice_ns, queue));
		scx_bpf_dsq_move_set_vtime(it, kernel_vtime_of(NULL));
		moved = scx_bpf_dsq_move_vtime(it, p, queue, 0);
		if (!moved) {
			ctx->kernel_side = was_kernel_side;
			ctx->urgent = was_urgent;
		}
	}
	if (wake >= 0)
		kick_idle(wake);
	return moved;
}

/* Tasks that wait for too long in a park: the policy forgot them, or is not there. */
static void sweep_park(s32 cpu, u64 t)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	struct task_ctx *ctx;
	u64 custody;

	if (bpf_iter_scx_dsq_new(&it, DSQ_PARK + cpu, 0))
		goto out;
	FOR_RANGE(i, 0, SWEEP_BATCH) {
		p = bpf_iter_scx_dsq_next(&it);
		if (!p)
			break;
		ctx = task_ctx(p);
		/* One queued anew stands behind younger ones: no end of the search. */
		if (!ctx || !overdue(ctx, t))
			continue;
		custody = READ_ONCE(ctx->custody);
		if ((custody & CUSTODY_MASK) != PARKED || !claim(ctx, custody >> CUSTODY_SHIFT))
			continue;
		if (rescue(&it, p, ctx, DSQ_PARK + cpu)) {
			unclaim(ctx, custody >> CUSTODY_SHIFT, FREE);
			COUNT(closed_overdue);
		} else {
			give_back(ctx, custody >> CUSTODY_SHIFT);
		}
	}
out:
	bpf_iter_scx_dsq_destroy(&it);
}

/*
 * Tasks that wait for too long although they were dispatched, by a decision or by the kernel
 * side: behind ever new ones with a smaller vtime, or for a CPU that a higher class keeps. The
 * back of the queue first.
 */
static void sweep_queue(u64 queue, u64 t)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	struct task_ctx *ctx;

	if (scx_bpf_dsq_nr_queued(queue) <= 0)
		return;
	if (bpf_iter_scx_dsq_new(&it, queue,
				 core_enum_value(enum scx_dsq_iter_flags, SCX_DSQ_ITER_REV)))
		goto out;
	FOR_RANGE(i, 0, SWEEP_BATCH) {
		p = bpf_iter_scx_dsq_next(&it);
		if (!p)
			break;
		ctx = task_ctx(p);
		if (ctx && overdue(ctx, t) && rescue(&it, p, ctx, queue))
			COUNT(rescued);
	}
out:
	bpf_iter_scx_dsq_destroy(&it);
}

/*
 * A CPU that find_idle_cpu() claimed counts as busy until it has been through its idle loop
 * again. If the decision then went elsewhere, a kick sends it there.
 */
static void forget_claim(s32 cpu, u64 t)
{
	struct cpu_state *c = cpu_state(cpu);

	if (!c || !c->claimed_at || (s64)(t - c->claimed_at) < (s64)config.timer_ns)
		return;
	c->claimed_at = 0;
	kick_idle(cpu);
}

/*
 * The loop is runnable but has no CPU: with work to do for some time, it takes one; without, it
 * runs now and then all the same, or the watchdog would take it for a task we forgot.
 */
static void look_after_loop(u64 t)
{
	u64 waited = t - state.loop_since;

	if (READ_ONCE(state.loop_cpu) >= 0 || READ_ONCE(state.loop_blocked) || !state.loop_pid ||
	    (s64)waited < 0)
		return;
	if (waited > 2 * config.timer_ns && loop_has_work()) {
		if (wake_loop(state.loop_home))
			return;
		COUNT(loop_preempts);
		kick_preempt(state.loop_home);
	} else if (waited > config.heartbeat_ns) {
		state.heartbeat = 1;
		wake_loop(state.loop_home);
	}
}

/*
 * Whoever inserted into a queue for all looked for an idle CPU; one that was about to be, but was
 * not marked yet, it did not see.
 */
static void fill_idle_cpu(u64 queue)
{
	s32 cpu;

	if (scx_bpf_dsq_nr_queued(queue) <= 0)
		return;
	cpu = pick_any_idle_cpu(state.loop_home);
	if (cpu >= 0)
		kick_idle(cpu);
}

static int on_timer(void *map, u32 *key, struct timer_slot *slot)
{
	u64 t = now();

	/* This object outlives its scheduler for a while, and queues of the next one are none of ours. */
	if (READ_ONCE(exit_record.kind))
		return 0;

	FOR_RANGE(cpu, 0, scx_bpf_nr_cpu_ids()) {
		sweep_park(cpu, t);
		sweep_queue(DSQ_DECIDED + cpu, t);
		sweep_queue(DSQ_KERNEL + cpu, t);
		forget_claim(cpu, t);
	}
	sweep_queue(DSQ_DECIDED_ANY, t);
	sweep_queue(DSQ_KERNEL_ANY, t);
	fill_idle_cpu(DSQ_DECIDED_ANY);
	fill_idle_cpu(DSQ_KERNEL_ANY);
	look_after_loop(t);
	bpf_timer_start(&slot->timer, config.timer_ns, 0);
	return 0;
}

static int start_timer(void)
{
	u32 key = 0;
	struct timer_slot *slot = bpf_map_lookup_elem(&timers, &key);

	if (!slot)
		return -ENOENT; /* an array always has its entries */
	bpf_timer_init(&slot->timer, &timers, CLOCK_MONOTONIC);
	bpf_timer_set_callback(&slot->timer, on_timer);
	return bpf_timer_start(&slot->timer, config.timer_ns, 0);
}

#endif
