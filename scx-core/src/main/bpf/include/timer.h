/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The authority when no CPU comes by by itself: a loop that is silent, tasks that wait for too
 * long or were decided by a policy that is gone, CPUs that were claimed and not used, and a loop
 * that gets no CPU.
 */
#ifndef SCX_TIMER_H
#define SCX_TIMER_H

#include "rescue.h"

/* How often the loop is looked at while tasks wait: each tick at HZ=250. */
#define WATCH_NS (4ULL * 1000 * 1000)

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
 * runs now and then all the same, or the watchdog would take it for a task we forgot. One that
 * has stalled gives its CPU back when its share is used up.
 */
static void look_after_loop(u64 t)
{
	u64 waited = t - state.loop_since;
	s32 cpu = READ_ONCE(state.loop_cpu); /* once: it may stop this very moment */

	if (cpu >= 0) {
		if (READ_ONCE(state.silent_since) && !loop_within_budget(t))
			kick_preempt(cpu);
		return;
	}
	if (READ_ONCE(state.loop_blocked) || !state.loop_pid || (s64)waited < 0)
		return;
	if (waited > 2 * WATCH_NS && loop_may_run()) {
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
	if (queue == DSQ_OWN)
		expect(&state.own_at);
	cpu = pick_any_idle_cpu(state.loop_home);
	if (cpu >= 0)
		kick_idle(cpu);
}

static u64 longer(u64 queue, u64 longest)
{
	s32 waiting = scx_bpf_dsq_nr_queued(queue);

	if (waiting > 0)
		expect_in(queue);
	return waiting > 0 && (u64)waiting > longest ? (u64)waiting : longest;
}

/* How many tasks wait in the longest queue, which is kept, and whether any is parked. */
static bool count_waiting(void)
{
	u64 longest = longer(DSQ_KERNEL_ANY, longer(DSQ_DECIDED_ANY, 0));
	s32 parked = 0;

	FOR_RANGE(cpu, 0, scx_bpf_nr_cpu_ids()) {
		u64 here = longer(DSQ_KERNEL + cpu, longer(DSQ_DECIDED + cpu, 0));

		if (here)
			kick_idle(cpu); /* should it have overlooked them */
		longest = here > longest ? here : longest;
		parked += scx_bpf_dsq_nr_queued(DSQ_PARK + cpu);
	}
	state.longest_queue = longest;
	return parked > 0;
}

static void sweep(u64 t)
{
	state.swept_at = t;
	state.swept_policy = READ_ONCE(state.policy);
	FOR_RANGE(cpu, 0, scx_bpf_nr_cpu_ids()) {
		sweep_park(cpu, t, false);
		sweep_queue(DSQ_DECIDED + cpu, t);
		sweep_queue(DSQ_KERNEL + cpu, t);
		forget_claim(cpu, t);
	}
	sweep_queue(DSQ_DECIDED_ANY, t);
	sweep_queue(DSQ_KERNEL_ANY, t);
}

static void look_after_all(struct timer_slot *slot)
{
	u64 t = now();
	bool parked = count_waiting();

	if (watch_loop(t, parked)) {
		FOR_RANGE(cpu, 0, scx_bpf_nr_cpu_ids())
			sweep_park(cpu, t, true);
	}
	if (t - state.swept_at >= config.timer_ns || state.swept_policy != READ_ONCE(state.policy))
		sweep(t);
	fill_idle_cpu(DSQ_OWN);
	fill_idle_cpu(DSQ_DECIDED_ANY);
	fill_idle_cpu(DSQ_KERNEL_ANY);
	look_after_loop(t);
	bpf_timer_start(&slot->timer,
			parked || state.longest_queue || loop_stalled(t) ? WATCH_NS : config.timer_ns, 0);
}

static int on_timer(void *map, u32 *key, struct timer_slot *slot)
{
	/* This object outlives its scheduler for a while, and queues of the next one are none of ours. */
	if (READ_ONCE(exit_record.kind))
		return 0;
	/* Never asleep here; but 6.12's verifier takes what ops.init() starts for able to sleep as it is. */
	bpf_rcu_read_lock();
	look_after_all(slot);
	bpf_rcu_read_unlock();
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
