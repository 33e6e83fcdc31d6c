/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Custody: a task handed to Java stays in a queue of the kernel side, its park, and only its
 * record travels. A decision claims the task and moves it to the queue it named; so does the
 * timer with a task that waits for too long. Whoever claims, moves and counts.
 */
#ifndef SCX_CUSTODY_H
#define SCX_CUSTODY_H

#include "kernel_side.h"
#include "loop.h"

/* How many decisions one ops.dispatch() takes from the ring. */
#define DRAIN_BATCH 64

enum outcome { MOVED, NOT_OURS, LOST };

static void open_custody(struct task_struct *p, struct task_ctx *ctx, u64 enq_flags)
{
	s32 cpu = scx_bpf_task_cpu(p);
	struct queued_task *record;
	u64 old;

	/* The slot first: without one the task is not opened at all. */
	record = bpf_ringbuf_reserve(&queued, sizeof(*record), 0);
	if (!record) {
		COUNT(congested);
		enqueue_kernel_side(p, ctx);
		wake_loop(cpu);
		return;
	}

	ctx->park = DSQ_PARK + cpu;
	ctx->parked_at = now();
	/*
	 * ops.enqueue runs under the task's rq lock, so nobody else opens; a claim that is
	 * under way sees the new generation and gives up.
	 */
	old = READ_ONCE(ctx->custody);
	old = __sync_lock_test_and_set(&ctx->custody,
				       ((old >> CUSTODY_SHIFT) + 1) << CUSTODY_SHIFT | PARKED);
	if ((old & CUSTODY_MASK) == PARKED)
		COUNT(closed_requeued);
	COUNT(opened);

	record->pid = p->pid;
	record->tgid = p->tgid;
	record->cpu = cpu;
	record->nr_cpus_allowed = p->nr_cpus_allowed;
	record->flags = enq_flags;
	record->start_ts = ctx->start_ts;
	record->stop_ts = ctx->stop_ts;
	record->exec_runtime = ctx->exec_runtime;
	record->weight = p->scx.weight;
	record->vtime = ctx->vtime;
	record->generation = (old >> CUSTODY_SHIFT) + 1;
	bpf_probe_read_kernel(record->comm, sizeof(record->comm), p->comm);

	scx_bpf_dsq_insert(p, ctx->park, config.slice_ns, 0);
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	/* orders the record before the look at loop_cpu, see enqueue_loop() */
	__sync_fetch_and_or(&state.heartbeat, 0);
	wake_loop(cpu);
}

/* Parked with this generation? Then it is ours to move. */
static bool claim(struct task_ctx *ctx, u64 generation)
{
	u64 parked = generation << CUSTODY_SHIFT | PARKED;
	u64 claimed = generation << CUSTODY_SHIFT | CLAIMED;

	return __sync_val_compare_and_swap(&ctx->custody, parked, claimed) == parked;
}

static bool still_claimed(struct task_ctx *ctx, u64 generation)
{
	return READ_ONCE(ctx->custody) == (generation << CUSTODY_SHIFT | CLAIMED);
}

static void unclaim(struct task_ctx *ctx, u64 generation, enum custody to)
{
	__sync_val_compare_and_swap(&ctx->custody, generation << CUSTODY_SHIFT | CLAIMED,
				    generation << CUSTODY_SHIFT | to);
}

/*
 * What has to be known before the move, read after the iterator was opened: any change of
 * affinity queues the task anew with a sequence number younger than the iterator, and then
 * the move fails. The other way round a task could land where it may never run.
 */
struct target {
	s32 cpu;     /* asked for, or ANY_CPU */
	u64 slice;
	u64 vtime;
	u64 queue;   /* out */
	s32 kick;    /* out: the CPU to wake, -1 for any idle one */
	bool bounced; /* out: the CPU asked for is impossible */
};

static u64 cap_slice(u64 slice, u64 queue)
{
	s32 waiting = scx_bpf_dsq_nr_queued(queue);
	u64 cap = config.max_slice_ns;

	if (!slice)
		slice = config.slice_ns;
	/* A long queue of long slices is a watchdog eviction: the more wait, the shorter. */
	if (waiting > 0)
		cap /= (u64)waiting + 1;
	return min_u64(slice, cap ? cap : 1);
}

static void aim(struct task_struct *p, struct target *t)
{
	t->bounced = false;
	if (t->cpu == ANY_CPU && p->nr_cpus_allowed > 1) {
		t->queue = DSQ_DECIDED_ANY;
		t->kick = -1;
		return;
	}
	if (t->cpu == ANY_CPU) {
		t->kick = allowed_cpu(p);
	} else if (cpu_online(t->cpu) && bpf_cpumask_test_cpu(t->cpu, p->cpus_ptr)) {
		t->kick = t->cpu;
	} else {
		t->kick = allowed_cpu(p);
		t->bounced = true;
	}
	t->queue = t->kick >= 0 ? DSQ_DECIDED + t->kick : DSQ_DECIDED_ANY;
}

static enum outcome move_decided(struct task_struct *p, struct task_ctx *ctx, u64 generation,
				 struct target *t, bool claimed)
{
	enum outcome outcome = LOST;
	struct bpf_iter_scx_dsq it;

	if (bpf_iter_scx_dsq_new(&it, READ_ONCE(ctx->park), 0)) {
		outcome = NOT_OURS;
		goto out;
	}
	if (claimed ? !still_claimed(ctx, generation) : !claim(ctx, generation)) {
		outcome = NOT_OURS;
		goto out;
	}
	aim(p, t);
	scx_bpf_dsq_move_set_slice(&it, cap_slice(t->slice, t->queue));
	scx_bpf_dsq_move_set_vtime(&it, t->vtime);
	if (scx_bpf_dsq_move_vtime(&it, p, t->queue, 0))
		outcome = MOVED;
out:
	bpf_iter_scx_dsq_destroy(&it);
	return outcome;
}

static void wake_for(struct task_struct *p, const struct target *t, bool preempt)
{
	s32 cpu = t->kick;

	if (cpu >= 0) {
		if (preempt)
			kick_preempt(cpu);
		else
			kick_idle(cpu);
		return;
	}
	cpu = scx_bpf_task_cpu(p);
	if (!bpf_cpumask_test_cpu(cpu, p->cpus_ptr) || !scx_bpf_test_and_clear_cpu_idle(cpu))
		cpu = pick_idle_cpu(p->cpus_ptr, cpu, true);
	if (cpu >= 0)
		kick_idle(cpu);
	else if (preempt)
		kick_preempt(scx_bpf_task_cpu(p));
}

/*
 * Four buckets per power of two: the two bits below the highest one choose among them. The
 * clocks of two CPUs may differ a little: what seems to lie in the future took no time.
 */
static void count_latency(u64 since)
{
	u64 t = now(), ns = before(t, since) ? 0 : t - since, rest = ns;
	u32 log = 0, bucket;

	for (u32 step = 32; step; step >>= 1)
		if (rest >> step) {
			rest >>= step;
			log += step;
		}
	bucket = log < 2 ? (u32)ns : log * 4 + ((ns >> (log - 2)) & 3);
	if (bucket < LATENCY_BUCKETS)
		__sync_fetch_and_add(&state.latency[bucket], 1);
}

/* A decision for a task that was looked up; true if it was carried out. */
static bool decide_task(struct task_struct *p, const struct dispatched_task *d)
{
	struct task_ctx *ctx = task_ctx(p);
	struct target t = { .cpu = d->cpu, .slice = d->slice_ns, .vtime = d->vtime };
	enum outcome outcome;
	u64 parked_at;

	if (!ctx || !(READ_ONCE(ctx->custody) >> CUSTODY_SHIFT)) {
		COUNT(refused);
		return false;
	}
	parked_at = ctx->parked_at;
	outcome = move_decided(p, ctx, d->generation, &t, false);
	if (outcome == LOST) {
		/*
		 * The record is visible before the kernel has put the task in its park. The
		 * failed move took the task's rq lock, so by now it is there: once more, with
		 * a fresh iterator.
		 */
		COUNT(move_retries);
		outcome = move_decided(p, ctx, d->generation, &t, true);
	}
	if (outcome != MOVED) {
		if (config.debug)
			DEBUG("scx: stale decision, pid %d generation %llu", d->pid, d->generation);
		unclaim(ctx, d->generation, PARKED);
		COUNT(stale);
		return false;
	}
	ctx->vtime = d->vtime;
	unclaim(ctx, d->generation, FREE);
	if (t.bounced)
		COUNT(closed_bounced);
	else
		COUNT(closed_user);
	count_latency(parked_at);
	wake_for(p, &t, d->flags & DECISION_PREEMPT);
	return true;
}

static long decide(struct bpf_dynptr *record, u32 *drained)
{
	struct dispatched_task d;
	struct task_struct *p;

	*drained += 1;
	COUNT(drained);
	if (bpf_dynptr_read(&d, sizeof(d), record, 0, 0) || d.pid <= 0) {
		COUNT(refused);
		return *drained >= DRAIN_BATCH;
	}
	p = bpf_task_from_pid(d.pid);
	if (!p) {
		if (config.debug)
			DEBUG("scx: decision for pid %d, which is gone", d.pid);
		COUNT(gone);
		return *drained >= DRAIN_BATCH;
	}
	decide_task(p, &d);
	bpf_task_release(p);
	return *drained >= DRAIN_BATCH;
}

/* Carries out what Java decided; another CPU that is at it already does it for us. */
static void drain_decisions(s32 cpu)
{
	u32 drained = 0;
	long n = bpf_user_ringbuf_drain(&dispatched, decide, &drained, BPF_RB_NO_WAKEUP);

	if (n < 0 && n != -16 /* EBUSY */)
		COUNT(drain_errors);
	if (drained < DRAIN_BATCH)
		return;
	/* There may be more: for this CPU if it finds nothing to run, and for an idle one. */
	kick_idle(cpu);
	cpu = pick_any_idle_cpu(cpu);
	if (cpu >= 0)
		kick_idle(cpu);
}

/*
 * Tasks that wait for too long, oldest first: the policy forgot them, or is not there. A
 * park is in order of arrival, so the first that is young enough ends the search.
 */
static void sweep_park(s32 cpu, u64 t)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	struct task_ctx *ctx;
	u64 custody;
	s32 wake;

	if (bpf_iter_scx_dsq_new(&it, DSQ_PARK + cpu, 0))
		goto out;
	FOR_RANGE(i, 0, 64) {
		p = bpf_iter_scx_dsq_next(&it);
		if (!p)
			break;
		ctx = task_ctx(p);
		if (!ctx)
			continue;
		if ((s64)(t - ctx->wait_since) < (s64)config.overdue_ns)
			break;
		custody = READ_ONCE(ctx->custody);
		if ((custody & CUSTODY_MASK) != PARKED || !claim(ctx, custody >> CUSTODY_SHIFT))
			continue;
		scx_bpf_dsq_move_set_slice(&it, config.slice_ns);
		scx_bpf_dsq_move_set_vtime(&it, kernel_vtime_of(ctx));
		if (scx_bpf_dsq_move_vtime(&it, p, kernel_queue(p, &wake), 0)) {
			unclaim(ctx, custody >> CUSTODY_SHIFT, FREE);
			COUNT(closed_overdue);
			kick_idle(wake >= 0 ? wake : cpu);
		} else {
			unclaim(ctx, custody >> CUSTODY_SHIFT, PARKED);
		}
	}
out:
	bpf_iter_scx_dsq_destroy(&it);
}

#endif
