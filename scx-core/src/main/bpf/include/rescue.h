/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks that are taken from where they wait and given to the kernel side: all parked ones when
 * the loop is silent, else those that wait for too long.
 */
#ifndef SCX_RESCUE_H
#define SCX_RESCUE_H

#include "custody.h"

/* How many tasks of a queue are looked at each time: who is overdue may stand behind many who are not. */
#define SWEEP_BATCH 512

/*
 * What an overdue task gets: a tick. A longer slice would be more than its share, if that is small
 * and the policy lets it wait on purpose.
 */
#define URGENT_SLICE_NS (1000ULL * 1000)

static bool overdue(const struct task_ctx *ctx, u64 t)
{
	return (s64)(t - ctx->wait_since) >= (s64)config.overdue_ns;
}

/*
 * Moves a task to a queue of the kernel side, an overdue one before all others. It may be in that
 * very queue already: there too somebody can be last for ever.
 */
static bool rescue(struct bpf_iter_scx_dsq *it, struct task_struct *p, struct task_ctx *ctx,
		   u64 from, bool urgent)
{
	bool was_kernel_side = ctx->kernel_side, was_urgent = ctx->urgent, moved = false;
	s32 wake;
	u64 queue = kernel_queue(p, &wake);

	/*
	 * Its CPU may be kept by a higher class. If it may use any other, that one takes it from the
	 * queue for all; the others step over it, for overdue tasks are few.
	 */
	if (urgent && wake < 0 && p->nr_cpus_allowed > 1)
		queue = DSQ_KERNEL_ANY;
	if (queue != from || !was_urgent) {
		ctx->kernel_side = true;
		ctx->urgent = urgent;
		scx_bpf_dsq_move_set_slice(
			it, cap_slice(urgent ? min_u64(config.slice_ns, URGENT_SLICE_NS) :
					       config.slice_ns));
		scx_bpf_dsq_move_set_vtime(it, kernel_vtime_of(p, urgent ? NULL : ctx));
		moved = scx_bpf_dsq_move_vtime(it, p, queue, 0);
		if (moved) {
			expect_in(queue);
		} else {
			ctx->kernel_side = was_kernel_side;
			ctx->urgent = was_urgent;
		}
	}
	if (wake >= 0)
		kick_idle(wake);
	return moved;
}

/*
 * Tasks of a park for which no decision will come: those that wait for too long, since the policy
 * forgot them, or all of them when it is not there.
 */
static __noinline void sweep_park(s32 cpu, u64 t, bool all)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	struct task_ctx *ctx;
	u64 custody;

	if (scx_bpf_dsq_nr_queued(DSQ_PARK + cpu) <= 0)
		return;
	if (bpf_iter_scx_dsq_new(&it, DSQ_PARK + cpu, 0))
		goto out;
	FOR_RANGE(i, 0, SWEEP_BATCH) {
		bool late;

		p = bpf_iter_scx_dsq_next(&it);
		if (!p)
			break;
		ctx = task_ctx(p);
		if (!ctx)
			continue;
		/* One queued anew stands behind younger ones: no end of the search. */
		late = overdue(ctx, t);
		if (!late && !all)
			continue;
		custody = READ_ONCE(ctx->custody);
		if ((custody & CUSTODY_MASK) != PARKED || !claim(ctx, custody >> CUSTODY_SHIFT))
			continue;
		if (rescue(&it, p, ctx, DSQ_PARK + cpu, late)) {
			unclaim(ctx, custody >> CUSTODY_SHIFT, FREE);
			if (all)
				COUNT(closed_silence);
			else
				COUNT(closed_overdue);
		} else {
			give_back(ctx, custody >> CUSTODY_SHIFT);
		}
	}
out:
	bpf_iter_scx_dsq_destroy(&it);
}

/* Whoever comes after that policy orders by other numbers: this one might be last for ever. */
static bool decided_by_another(const struct task_ctx *ctx)
{
	return !ctx->kernel_side && ctx->policy != READ_ONCE(state.policy);
}

/*
 * Tasks that wait for too long although they were dispatched, by a decision or by the kernel
 * side: behind ever new ones with a smaller vtime, or for a CPU that a higher class keeps; and
 * those that a policy has decided that is gone. The back of the queue first.
 */
static void sweep_queue(u64 queue, u64 t)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	struct task_ctx *ctx;
	bool late;

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
		if (!ctx)
			continue;
		late = overdue(ctx, t);
		if ((late || decided_by_another(ctx)) && rescue(&it, p, ctx, queue, late))
			COUNT(rescued);
	}
out:
	bpf_iter_scx_dsq_destroy(&it);
}

#endif
