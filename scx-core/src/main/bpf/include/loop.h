/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The loop thread (the one Java thread that decides) and the other threads of its process.
 * The loop never sleeps: it yields, waits in its own queue and is taken from there by a CPU
 * that finds work for it. The other threads never wait for user space.
 */
#ifndef SCX_LOOP_H
#define SCX_LOOP_H

#include "kernel_side.h"
#include "silence.h"

/* Our own threads may use this share of one CPU before they queue like everybody else. */
#define OWN_WINDOW_NS (100ULL * 1000 * 1000)
#define OWN_SHARE_NS (OWN_WINDOW_NS / 4)

/*
 * Their slices: one tick, for while the loop is blocked they come before all others, and these
 * wait for OWN_STREAK of them at a time.
 */
#define OWN_SLICE_NS (4ULL * 1000 * 1000)

/* After so many of our own threads a CPU looks for somebody else first, the watchdog's worker say. */
#define OWN_STREAK 4

/*
 * So often, in so much time, a wake-up takes a CPU for the loop. When tasks wake each other more
 * often than that, CPUs come by for the loop by themselves.
 */
#define CALLS 4
#define CALLS_NS (4ULL * 1000 * 1000)

/* It has just been called, or has just given its CPU away. */
#define CALLED_NS (50ULL * 1000)

/* How long a CPU may take from its last look for work to being marked idle. */
#define IDLING_NS (1000ULL * 1000)

/* A loop that has stalled is no longer first; it gets a little, in case it comes round. */
static bool loop_may_run(void)
{
	return !READ_ONCE(state.loop_blocked) && loop_has_work() &&
	       (!READ_ONCE(state.silent_since) || loop_within_budget(now()));
}

static u64 loop_slice(u64 t)
{
	return loop_stalled(t) ? min_u64(config.slice_ns, STALLED_SLICE_NS) : config.slice_ns;
}

/*
 * A loop that runs sees new work by itself; one that waits needs a CPU. A busy CPU comes by
 * when its task's slice ends, an idle one has to be woken. True if one was.
 */
static bool wake_loop(s32 cpu)
{
	if (READ_ONCE(state.loop_cpu) >= 0 || READ_ONCE(state.loop_blocked))
		return false;
	if (state.loop_pinned)
		cpu = state.loop_home;
	if (!scx_bpf_test_and_clear_cpu_idle(cpu)) {
		if (state.loop_pinned)
			return false;
		cpu = pick_any_idle_cpu(cpu);
		if (cpu < 0) {
			/* The loop's own CPU may be idling this very moment, not marked yet. */
			if (before(now(), state.loop_since + IDLING_NS))
				kick_idle(state.loop_home);
			return false;
		}
	}
	COUNT(loop_kicks);
	kick_idle(cpu);
	return true;
}

/*
 * A task has woken up, no CPU is idle, and slices may be long: the loop takes the CPU that the task
 * ran on, and when it has decided, that CPU runs whoever is first then.
 */
static void call_loop(s32 cpu)
{
	u64 t = now(), called = READ_ONCE(state.loop_called);

	if (READ_ONCE(state.loop_cpu) >= 0 || READ_ONCE(state.loop_blocked) ||
	    before(t, state.loop_since + CALLED_NS) || before(t, called + CALLED_NS))
		return;
	if (!before(t, state.calls_window + CALLS_NS)) {
		state.calls_window = t;
		state.calls = 0;
	}
	if (state.calls >= CALLS ||
	    __sync_val_compare_and_swap(&state.loop_called, called, t) != called)
		return;
	state.calls++; /* by one CPU at a time, nearly */
	COUNT(loop_preempts);
	kick_preempt(state.loop_pinned ? state.loop_home : cpu);
}

/* Where to look for a CPU for it; it may be queued to be moved. */
static void note_home(const struct task_struct *p, s32 cpu)
{
	state.loop_home = cpu;
	state.loop_pinned = p->nr_cpus_allowed < (s32)state.online_cpus;
}

static void enqueue_loop(struct task_struct *p, u64 enq_flags)
{
	s32 cpu = scx_bpf_task_cpu(p);
	u64 t = now();

	if (state.loop_blocked) {
		state.loop_since = t;
		state.loop_resting = 0;
		state.loop_blocked = 0;
	}
	note_home(p, cpu);
	scx_bpf_dsq_insert(p, DSQ_LOOP, loop_slice(t), 0);
	/*
	 * A record submitted while the loop still counted as running woke nobody. The exchange
	 * orders "does not run" before the look at the ring; open_custody() does the reverse.
	 */
	__sync_lock_test_and_set(&state.loop_cpu, -1);
	if (!loop_may_run())
		return;
	if (wake_loop(cpu))
		return;
	if (enq_flags & core_enum_value(enum scx_enq_flags, SCX_ENQ_WAKEUP))
		kick_preempt(cpu); /* it was blocked in the middle of something */
	else if (!loop_stalled(t))
		kick_idle(cpu); /* in case this CPU is about to be */
}

/* Runs again. A pause is the time in which it was held up though it did not rest. */
static void loop_goes_on(u64 t)
{
	if (state.loop_paused && !before(t, state.loop_paused) &&
	    t - state.loop_paused > state.loop_longest_pause)
		state.loop_longest_pause = t - state.loop_paused;
	state.loop_paused = 0;
	state.loop_started = t;
}

static void loop_blocks(u64 t)
{
	state.loop_blocked_at = t;
	WRITE_ONCE(state.loop_blocked, 1);
}

static void loop_stops(u64 t, bool blocks)
{
	if (blocks)
		loop_blocks(t);
	if (!before(t, state.loop_started))
		state.loop_used += t - state.loop_started;
	state.loop_since = t;
	state.loop_paused = state.loop_resting ? 0 : t;
}

static bool still_runnable(const struct task_struct *p)
{
	return p->scx.flags & core_enum_value(enum scx_ent_flags, SCX_TASK_QUEUED);
}

/*
 * Its slice is over and others wait to run here. It is queued after the next one has been chosen, so
 * the loop is that next one: it decides this one too, and then the choice is among all.
 */
static bool competes(const struct task_struct *prev, s32 cpu)
{
	return prev && !is_own(prev) && !is_kthread(prev) && still_runnable(prev) &&
	       (scx_bpf_dsq_nr_queued(DSQ_DECIDED + cpu) > 0 ||
		scx_bpf_dsq_nr_queued(DSQ_DECIDED_ANY) > 0);
}

/* One of our own threads for this CPU. */
static bool take_own(struct cpu_state *c)
{
	if (!take_from(DSQ_OWN, &state.own_at))
		return false;
	c->own_streak++;
	return true;
}

/* While the loop is blocked it may be waiting for this very thread: no budget then. */
static bool own_within_budget(void)
{
	u64 t = now();

	if (READ_ONCE(state.loop_blocked))
		return true;
	if (t - state.own_window > OWN_WINDOW_NS) {
		state.own_window = t;
		state.own_used = 0;
	}
	return state.own_used < OWN_SHARE_NS;
}

#endif
