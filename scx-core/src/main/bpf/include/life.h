/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a task as the kernel tells of it: it joins and leaves, becomes runnable, runs,
 * stops, sleeps. Times and the kernel side's vtime are kept here, custody ends here for who
 * leaves, and the loop thread's state is known from here.
 */
#ifndef SCX_LIFE_H
#define SCX_LIFE_H

#include "custody.h"

SEC("struct_ops.s/init_task")
s32 init_task(u64 *ctx)
{
	struct task_ctx *tctx = create_task_ctx(ARG(struct task_struct *, 0));

	/* Without storage the task is never parked; ops.enqueue() tries again. */
	if (tctx)
		*tctx = (struct task_ctx){}; /* what the scheduler before this one has left there */
	return 0;
}

static void leave_custody(struct task_struct *p)
{
	struct task_ctx *tctx = task_ctx(p);

	if (tctx && close_parked(tctx))
		COUNT(closed_left);
}

SEC("struct_ops/enable")
void enable(u64 *ctx)
{
	struct task_struct *p = ARG(struct task_struct *, 0);
	struct task_ctx *tctx = task_ctx(p);

	if (is_loop(p))
		state.loop_since = now();
	if (!tctx)
		return;
	tctx->vtime = 0;
	tctx->policy = 0;
	tctx->kernel_vtime = READ_ONCE(state.kernel_vtime);
	tctx->urgent = false;
	tctx->wait_since = now();
	/* The first time it is queued a wait begins. */
	tctx->stopped = true;
	tctx->nvcsw = p->nvcsw - 1;
}

SEC("struct_ops/disable")
void disable(u64 *ctx)
{
	struct task_struct *p = ARG(struct task_struct *, 0);

	leave_custody(p);
	/* In another class nobody tells whether it sleeps. */
	if (is_loop(p))
		loop_blocks(now());
}

SEC("struct_ops/exit_task")
void exit_task(u64 *ctx)
{
	leave_custody(ARG(struct task_struct *, 0));
}

/* What the kernel does by itself; but only this tells that the loop rests on purpose. */
SEC("struct_ops/yield")
bool yield(u64 *ctx)
{
	struct task_struct *from = ARG(struct task_struct *, 0);

	if (is_loop(from))
		state.loop_resting = 1;
	from->scx.slice = 0;
	return false;
}

SEC("struct_ops/running")
void running(u64 *ctx)
{
	struct task_struct *p = ARG(struct task_struct *, 0);
	s32 cpu = scx_bpf_task_cpu(p);
	struct cpu_state *c = cpu_state(cpu);
	struct task_ctx *tctx;

	if (is_loop(p)) {
		loop_goes_on(now());
		state.heartbeat = 0;
		state.loop_resting = 0;
		state.loop_blocked = 0; /* ops.enqueue() knows already, unless the kernel left it out */
		note_home(p, cpu);
		__sync_lock_test_and_set(&state.loop_cpu, cpu);
		return;
	}
	if (c) {
		c->running = 1;
		c->claimed_at = 0;
	}
	tctx = task_ctx(p);
	if (!tctx)
		return;
	tctx->start_ts = now();
	note_runnable(p, tctx);
	tctx->urgent = false;
	start_kernel_vtime(tctx);
	p->scx.slice = cap_slice(p->scx.slice); /* more may wait than when it was decided */
	/* Taken from its park by the kernel itself: bypass while suspending, hotplug, enabling. */
	if ((READ_ONCE(tctx->custody) & CUSTODY_MASK) == PARKED && close_parked(tctx))
		COUNT(closed_kernel);
}

/* runnable is false if it goes to sleep, and if it is only taken out to be changed. */
SEC("struct_ops/stopping")
void stopping(u64 *ctx)
{
	struct task_struct *p = ARG(struct task_struct *, 0);
	struct cpu_state *c = cpu_state(scx_bpf_task_cpu(p));
	bool stops = !ARG(bool, 1);
	struct task_ctx *tctx;
	u64 used;

	if (is_loop(p)) {
		loop_stops(now(), stops);
		__sync_lock_test_and_set(&state.loop_cpu, -1);
		return;
	}
	if (c)
		c->running = 0;
	tctx = task_ctx(p);
	if (!tctx)
		return;
	tctx->stop_ts = now();
	/* The clock may step back by nanoseconds when the kernel adjusts it. */
	used = before(tctx->stop_ts, tctx->start_ts) ? 0 : tctx->stop_ts - tctx->start_ts;
	tctx->exec_runtime += used;
	tctx->wait_since = tctx->stop_ts;
	tctx->stopped = stops;
	tctx->nvcsw = p->nvcsw;
	charge_kernel_vtime(p, tctx, used);
	if (is_own(p))
		__sync_fetch_and_add(&state.own_used, used);
}

#endif
