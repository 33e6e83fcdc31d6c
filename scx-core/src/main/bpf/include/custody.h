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

/*
 * How many decisions one ops.dispatch() takes from the ring. They are counted in memory: a counter on
 * the stack would be known to the verifier, which would follow all its values.
 */
#define DRAIN_BATCH 64

enum outcome { MOVED, NOT_OURS, LOST };

/*
 * The task is no longer in its park, by no doing of ours: queued elsewhere, gone to another
 * class, or dead. True if that closes it; a claim that is under way is told by the changed
 * state, and then its owner counts.
 */
static bool close_parked(struct task_ctx *ctx)
{
	u64 custody = READ_ONCE(ctx->custody);
	u64 free = custody & ~CUSTODY_MASK;

	return (custody & CUSTODY_MASK) != FREE &&
	       __sync_val_compare_and_swap(&ctx->custody, custody, free) == custody &&
	       (custody & CUSTODY_MASK) == PARKED;
}

/* Queued anew before its decision came. */
static void close_requeued(struct task_ctx *ctx)
{
	if (close_parked(ctx))
		COUNT(closed_requeued);
}

static void open_custody(struct task_struct *p, struct task_ctx *ctx, u64 enq_flags)
{
	s32 cpu = scx_bpf_task_cpu(p);
	struct queued_task *record;
	u64 old;

	/* The slot first: without one the task is not opened at all. */
	record = bpf_ringbuf_reserve(&queued, sizeof(*record), 0);
	if (!record) {
		COUNT(congested);
		close_requeued(ctx);
		enqueue_kernel_side(p, ctx);
		wake_loop(cpu);
		return;
	}

	ctx->park = DSQ_PARK + cpu;
	ctx->parked_at = now();
	ctx->kernel_side = false;
	/*
	 * ops.enqueue runs under the task's rq lock, so nobody else opens; a claim that is
	 * under way sees the new generation, gives up, and counts.
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
	/* one policy's vtime means nothing to another */
	record->vtime = ctx->policy == READ_ONCE(state.policy) ? ctx->vtime : 0;
	record->generation = (old >> CUSTODY_SHIFT) + 1;
	bpf_probe_read_kernel(record->comm, sizeof(record->comm), p->comm);

	scx_bpf_dsq_insert(p, ctx->park, config.slice_ns, 0);
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	/* orders the record before the look at loop_cpu, see enqueue_loop() */
	full_barrier();
	if (!wake_loop(cpu) && enq_flags & core_enum_value(enum scx_enq_flags, SCX_ENQ_WAKEUP))
		call_loop(cpu);
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
	u64 claimed = generation << CUSTODY_SHIFT | CLAIMED;

	/* an exchange rather than a load: ordered after the iterator, see aim() */
	return __sync_val_compare_and_swap(&ctx->custody, claimed, claimed) == claimed;
}

static bool unclaim(struct task_ctx *ctx, u64 generation, enum custody to)
{
	u64 claimed = generation << CUSTODY_SHIFT | CLAIMED;

	return __sync_val_compare_and_swap(&ctx->custody, claimed,
					   generation << CUSTODY_SHIFT | to) == claimed;
}

/* A claim without a move. If the state changed meanwhile, the task was not ours any more. */
static void give_back(struct task_ctx *ctx, u64 generation)
{
	if (!unclaim(ctx, generation, PARKED))
		COUNT(closed_requeued);
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
	u64 policy;
	u64 queue;   /* out */
	s32 kick;    /* out: the CPU to wake, -1 for any idle one */
	bool bounced; /* out: the CPU asked for is impossible */
};

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
	ctx->vtime = t->vtime;
	ctx->policy = t->policy;
	scx_bpf_dsq_move_set_slice(&it, cap_slice(t->slice ? t->slice : config.slice_ns));
	scx_bpf_dsq_move_set_vtime(&it, t->vtime);
	if (scx_bpf_dsq_move_vtime(&it, p, t->queue, 0)) {
		outcome = MOVED;
		expect_in(t->queue);
	}
out:
	bpf_iter_scx_dsq_destroy(&it);
	return outcome;
}

/* The loop gives its CPU away as soon as it has decided all. */
static void take_cpu(s32 cpu)
{
	if (cpu != READ_ONCE(state.loop_cpu))
		kick_preempt(cpu);
}

/* Where it ran last; if the loop is there now, somebody else is first when it gives that CPU away. */
static void take_any_cpu(struct task_struct *p)
{
	s32 cpu = scx_bpf_task_cpu(p);
	const struct cpumask *online;

	if (cpu == READ_ONCE(state.loop_cpu) || !bpf_cpumask_test_cpu(cpu, p->cpus_ptr)) {
		online = scx_bpf_get_online_cpumask();
		cpu = bpf_cpumask_any_and_distribute(p->cpus_ptr, online);
		scx_bpf_put_cpumask(online);
	}
	if (cpu_online(cpu))
		take_cpu(cpu);
}

static void wake_for(struct task_struct *p, const struct target *t, bool preempt)
{
	s32 cpu = t->kick;

	if (cpu >= 0) {
		if (preempt)
			take_cpu(cpu);
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
		take_any_cpu(p);
}

/*
 * Four buckets per power of two: the two bits below the highest one choose among them. The
 * clock may step back by nanoseconds: what seems to lie in the future took no time.
 */
__noinline int count_latency(u64 since)
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
	return 0;
}

/* A decision for a task that was looked up. */
static void decide_task(struct task_struct *p, const struct dispatched_task *d)
{
	struct task_ctx *ctx = task_ctx(p);
	struct target t = {
		.cpu = d->cpu, .slice = d->slice_ns, .vtime = d->vtime, .policy = d->policy
	};
	enum outcome outcome;
	u64 parked_at, vtime, policy;

	if (!ctx || !(READ_ONCE(ctx->custody) >> CUSTODY_SHIFT)) {
		COUNT(refused);
		return;
	}
	parked_at = ctx->parked_at;
	vtime = ctx->vtime;
	policy = ctx->policy;
	outcome = move_decided(p, ctx, d->generation, &t, false);
	if (outcome == LOST) {
		/*
		 * The record is visible before the kernel has put the task in its park. The
		 * failed move took the task's rq lock, so by now it is there: once more, with
		 * a fresh iterator.
		 */
		COUNT(move_retries);
		outcome = move_decided(p, ctx, d->generation, &t, true);
		if (outcome != MOVED) {
			ctx->vtime = vtime;
			ctx->policy = policy;
			give_back(ctx, d->generation);
		}
	}
	if (outcome != MOVED) {
		if (config.debug)
			DEBUG("scx: stale decision, pid %d generation %llu", d->pid, d->generation);
		COUNT(stale);
		return;
	}
	unclaim(ctx, d->generation, FREE);
	if (t.bounced)
		COUNT(closed_bounced);
	else
		COUNT(closed_user);
	count_latency(parked_at);
	wake_for(p, &t, d->flags & DECISION_PREEMPT);
}

static long decide(struct bpf_dynptr *record, void *unused)
{
	bool last = ++state.batch >= DRAIN_BATCH; /* by one CPU at a time */
	struct dispatched_task d;
	struct task_struct *p;

	state.drained++;
	COUNT(drained);
	if (bpf_dynptr_read(&d, sizeof(d), record, 0, 0) || d.pid <= 0) {
		COUNT(refused);
		return last;
	}
	p = bpf_task_from_pid(d.pid);
	if (!p) {
		if (config.debug)
			DEBUG("scx: decision for pid %d, which is gone", d.pid);
		COUNT(gone);
		return last;
	}
	decide_task(p, &d);
	bpf_task_release(p);
	return last;
}

static void ring_is_damaged(s32 error)
{
	u64 since = READ_ONCE(state.silent_since), t = now();

	COUNT(drain_errors);
	if (__sync_val_compare_and_swap(&state.ring_error, 0, error))
		return;
	if (since)
		leave_silence(since, t); /* it was silent for another reason */
	enter_silence(SILENT_DAMAGED, t);
}

/* Java counts a decision just after it has put it into the ring, so one more may be drained. */
static bool more_drained_than_submitted(void)
{
	u64 drained = READ_ONCE(state.drained);

	full_barrier();
	return (s64)(drained - READ_ONCE(state.submitted)) > 1;
}

/* Carries out what Java decided; one CPU at a time can. */
static void drain_decisions(s32 cpu)
{
	u64 submitted = READ_ONCE(state.submitted);
	long n;

	if (submitted == READ_ONCE(state.drained))
		return;
	n = bpf_user_ringbuf_drain(&dispatched, decide, NULL, BPF_RB_NO_WAKEUP);
	/* If another CPU has begun meanwhile, it takes some more. */
	if (n >= 0)
		state.batch = 0;
	if (n == -EBUSY && cpu == READ_ONCE(state.loop_cpu))
		kick_preempt(cpu); /* the loop has just decided who runs here next: look again */
	else if (n == -EBUSY)
		kick_idle(cpu); /* should it find nothing to run, it looks again */
	else if (n < 0)
		ring_is_damaged(n); /* wrong headers and positions, and none of them goes away */
	else if (more_drained_than_submitted())
		ring_is_damaged(-EINVAL); /* a wrong position that the kernel takes for a right one */
	else if (!n && (s64)(submitted - READ_ONCE(state.drained)) > 0)
		ring_is_damaged(-ENODATA); /* complete, and yet not to be read: a wrong header */
	if (n <= 0 || (s64)(READ_ONCE(state.submitted) - READ_ONCE(state.drained)) <= 0)
		return;
	/* There may be more: for this CPU if it finds nothing to run, and for an idle one. */
	kick_idle(cpu);
	cpu = pick_any_idle_cpu(cpu);
	if (cpu >= 0)
		kick_idle(cpu);
}

#endif
