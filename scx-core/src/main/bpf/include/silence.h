/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The dead man's switch: whether the loop decides, or is silent and the kernel side schedules all
 * by itself. It becomes silent when it is blocked, gets nothing done or gets no CPU while tasks
 * wait, and ends its silence by getting something done.
 */
#ifndef SCX_SILENCE_H
#define SCX_SILENCE_H

#include "state.h"

/*
 * What a loop may take without getting anything done, in parts of config.silent_after_ns: all of
 * it of CPU time; a tenth of it blocked, for a page fault or a short safepoint; ten times as much
 * waiting for a CPU, which is no fault of its own.
 */
#define BLOCKED_NS (config.silent_after_ns / 10)
#define STARVED_NS (config.silent_after_ns * 10)

/*
 * A silent loop that gets nothing done may run once in a while, for a tick, in case it comes round:
 * less than a tenth of one CPU, also when the tick that ends it comes late.
 */
#define STALLED_WINDOW_NS (100ULL * 1000 * 1000)
#define STALLED_SLICE_NS (4ULL * 1000 * 1000)

/*
 * A loop that does not rest was interrupted in the middle of something, a safepoint say: it has
 * to go on, for somebody may be waiting for it.
 */
static bool loop_has_work(void)
{
	return READ_ONCE(state.heartbeat) || READ_ONCE(state.pending) ||
	       !READ_ONCE(state.loop_resting) || bpf_ringbuf_query(&queued, BPF_RB_AVAIL_DATA);
}

/* The loop's CPU time, its current run included. */
static u64 loop_cpu_time(u64 t)
{
	u64 used = READ_ONCE(state.loop_used), started = READ_ONCE(state.loop_started);

	return READ_ONCE(state.loop_cpu) >= 0 && before(started, t) ? used + t - started : used;
}

/*
 * Its own CPU time without progress, not the time of day: a machine that stands still, or a
 * task that runs in its place, is no fault of the loop.
 */
static bool loop_stalled(u64 t)
{
	return READ_ONCE(state.progress) == state.progress_seen &&
	       (s64)(loop_cpu_time(t) - state.progress_used) > (s64)config.silent_after_ns;
}

/* Whether a silent loop may run: freely at first, then in its small share. */
static bool loop_within_budget(u64 t)
{
	u64 used = loop_cpu_time(t);

	if (!loop_stalled(t))
		return true;
	if ((s64)(t - state.loop_window) > (s64)STALLED_WINDOW_NS) {
		state.loop_window = t;
		state.loop_window_used = used;
	}
	return used == state.loop_window_used;
}

static void enter_silence(enum silence cause, u64 t)
{
	state.silent_progress = READ_ONCE(state.progress);
	if (__sync_val_compare_and_swap(&state.silent_since, 0, t))
		return; /* it is silent already */
	__sync_fetch_and_add(&state.silent_entries[cause], 1);
	if (config.debug)
		DEBUG("scx: silent, cause %d", cause);
}

static void leave_silence(u64 since, u64 t)
{
	if (__sync_val_compare_and_swap(&state.silent_since, since, 0) != since)
		return;
	__sync_fetch_and_add(&state.silent_ns, t - since);
	__sync_fetch_and_add(&state.silent_exits, 1);
	if (config.debug)
		DEBUG("scx: silent no more after %llu ns", t - since);
}

/* Whether the kernel side is on its own now. What can be known at once is looked at here. */
static bool silent(void)
{
	u64 since = READ_ONCE(state.silent_since), t;

	if (since) {
		if (READ_ONCE(state.progress) == state.silent_progress || state.ring_error)
			return true;
		leave_silence(since, now());
		return false;
	}
	if (!READ_ONCE(state.loop_blocked))
		return false;
	t = now();
	if ((s64)(t - state.loop_blocked_at) <= (s64)BLOCKED_NS)
		return false;
	enter_silence(SILENT_BLOCKED, t);
	return true;
}

/*
 * It has work to do and no CPU. How long it has been seen like this counts, not how long ago it
 * ran: it may have rested in between.
 */
static bool loop_starved(u64 t)
{
	if (READ_ONCE(state.loop_cpu) >= 0 || READ_ONCE(state.loop_blocked) || !loop_has_work())
		return false;
	if (before(state.starving_since, state.loop_since))
		state.starving_since = t;
	return (s64)(t - state.starving_since) > (s64)STARVED_NS;
}

/*
 * The same by the timer, which also sees what takes a while to see.
 *
 * waiting: whether any task is parked
 */
static bool watch_loop(u64 t, bool waiting)
{
	u64 progress = READ_ONCE(state.progress);
	bool was_silent = silent();

	if (progress != state.progress_seen) {
		state.progress_seen = progress;
		state.progress_used = loop_cpu_time(t);
		return was_silent;
	}
	if (was_silent || !waiting)
		return was_silent;
	if (loop_stalled(t))
		enter_silence(SILENT_STALLED, t);
	else if (loop_starved(t))
		enter_silence(SILENT_STARVED, t);
	else
		return false;
	return true;
}

#endif
