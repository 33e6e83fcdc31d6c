// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel side: knows no policy but its own fallback. Tasks that need a decision are
 * parked and reported to Java (custody.h), the others are dispatched here (kernel_side.h), and
 * so are all when Java is silent (silence.h, rescue.h). What happens to each task is accounted
 * for (life.h), and a timer looks after all (timer.h).
 */
#include "life.h"
#include "timer.h"

/* How often in a row a waking task may pass by the queues of a CPU that was idle. */
#define PAST_QUEUES 8

char gpl[] SEC("license") = "GPL";

/*
 * An idle CPU for a waking task, claimed, or negative. Where it ran last may be forbidden by
 * now: its affinity can change while it sleeps, and then the nearest is one that it may use. A
 * number that is no CPU is in no affinity either; the kernel ends a scheduler that names one.
 */
static s32 idle_cpu_for(struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	if (!bpf_cpumask_test_cpu(prev_cpu, p->cpus_ptr))
		prev_cpu = allowed_cpu(p);
	if (prev_cpu < 0)
		return -1;
	if (p->nr_cpus_allowed > 1 && !config.numa_local && ksym_exists(scx_bpf_select_cpu_and))
		return scx_bpf_select_cpu_and(p, prev_cpu, wake_flags, p->cpus_ptr, 0);
	return scx_bpf_test_and_clear_cpu_idle(prev_cpu) ? prev_cpu :
							   pick_idle_cpu(p->cpus_ptr, prev_cpu, true);
}

/*
 * Woken by a task that is about to sleep, on the CPU where it ran last: as good as idle, and
 * nothing needs to be looked for.
 */
static bool waker_makes_room(s32 prev_cpu, u64 wake_flags)
{
	return wake_flags & core_enum_value(enum scx_wake_flags, SCX_WAKE_SYNC) &&
	       prev_cpu == (s32)bpf_get_smp_processor_id() &&
	       !(bpf_get_current_task_btf()->flags & PF_EXITING) &&
	       !scx_bpf_dsq_nr_queued(core_enum_value(enum scx_dsq_id_flags, SCX_DSQ_LOCAL));
}

SEC("struct_ops/select_cpu")
s32 select_cpu(u64 *ctx)
{
	struct task_struct *p = ARG(struct task_struct *, 0);
	s32 prev_cpu = ARG(s32, 1);
	struct task_ctx *tctx;
	bool alone;
	s32 cpu;

	if (is_own(p)) {
		cpu = idle_cpu_for(p, prev_cpu, ARG(u64, 2));
		return cpu >= 0 ? cpu : prev_cpu;
	}
	alone = silent();
	if (!config.builtin_idle && !alone)
		return prev_cpu;
	if (bpf_cpumask_test_cpu(prev_cpu, p->cpus_ptr) &&
	    (waker_makes_room(prev_cpu, ARG(u64, 2)) ||
	     ((alone || config.no_siblings) && scx_bpf_test_and_clear_cpu_idle(prev_cpu))))
		cpu = prev_cpu;
	else
		cpu = idle_cpu_for(p, prev_cpu, ARG(u64, 2));
	tctx = task_ctx(p);
	if (tctx)
		tctx->selected = cpu >= 0 ? cpu + 1 : -1;
	return cpu >= 0 ? cpu : prev_cpu;
}

/*
 * Dispatched directly to an idle CPU, if there is one for it. By ops.enqueue() and not already by
 * ops.select_cpu(): kernels before 7.0 do not forget what that one has inserted if the task
 * changes its class before it is queued, and do it next time, without asking.
 */
static bool enqueue_idle(struct task_struct *p, struct task_ctx *tctx)
{
	s32 selected = tctx->selected;
	s32 cpu = scx_bpf_task_cpu(p);
	struct cpu_state *c;

	if (scx_bpf_task_running(p))
		return false;
	tctx->selected = 0;
	if (!selected) {
		cpu = idle_cpu_for(p, cpu, 0); /* nobody looked yet */
	} else if (selected != cpu + 1) {
		if (selected > 0)
			kick_idle(selected - 1); /* it may not run there any more */
		cpu = -1;
	}
	if (cpu < 0)
		return false;
	close_requeued(tctx);
	/*
	 * Past all queues, if nobody waited in any when the timer last looked. Tasks that wake each
	 * other would keep the CPU for ever, and the timer's softirq waiting: so not too often.
	 */
	c = cpu_state(cpu);
	if (c && selected && !READ_ONCE(state.longest_queue) && c->past_queues < PAST_QUEUES) {
		c->past_queues++;
		tctx->kernel_side = true;
		scx_bpf_dsq_insert(p, core_enum_value(enum scx_dsq_id_flags, SCX_DSQ_LOCAL),
				   cap_slice(config.slice_ns), 0);
		return true;
	}
	insert_kernel_side(p, tctx, DSQ_KERNEL + cpu);
	if (!selected)
		kick_idle(cpu);
	return true;
}

static void enqueue_own(struct task_struct *p, u64 enq_flags)
{
	struct task_ctx *tctx;
	s32 cpu;

	COUNT(own);
	if (!own_within_budget()) {
		tctx = task_ctx(p);
		if (tctx)
			note_runnable(p, tctx);
		enqueue_kernel_side(p, tctx);
		return;
	}
	expect(&state.own_at);
	scx_bpf_dsq_insert(p, DSQ_OWN, min_u64(config.slice_ns, OWN_SLICE_NS), 0);
	cpu = scx_bpf_task_cpu(p);
	if (!scx_bpf_test_and_clear_cpu_idle(cpu))
		cpu = pick_idle_cpu(p->cpus_ptr, cpu, false);
	if (cpu >= 0)
		kick_idle(cpu);
	else if (READ_ONCE(state.loop_blocked) &&
		 enq_flags & core_enum_value(enum scx_enq_flags, SCX_ENQ_WAKEUP))
		kick_preempt(scx_bpf_task_cpu(p)); /* the loop may be waiting for it */
}

SEC("struct_ops/enqueue")
void enqueue(u64 *ctx)
{
	struct task_struct *p = ARG(struct task_struct *, 0);
	u64 enq_flags = ARG(u64, 1);
	struct task_ctx *tctx;
	bool alone;

	if (is_loop(p)) {
		enqueue_loop(p, enq_flags);
		return;
	}
	if (is_own(p)) {
		enqueue_own(p, enq_flags);
		return;
	}
	tctx = task_ctx(p);
	if (!tctx) {
		tctx = create_task_ctx(p);
		if (tctx)
			tctx->wait_since = now();
	}
	if (!tctx) {
		COUNT(no_storage);
		enqueue_kernel_side(p, NULL);
		return;
	}
	note_runnable(p, tctx);
	alone = silent();
	if (config.builtin_idle || alone) {
		if (enqueue_idle(p, tctx)) {
			if (alone)
				COUNT(silence);
			else
				COUNT(direct);
			return;
		}
	} else if (tctx->selected) {
		/* the loop was silent a moment ago */
		if (tctx->selected > 0)
			kick_idle(tctx->selected - 1);
		tctx->selected = 0;
	}
	if (is_kthread(p)) {
		COUNT(kthread);
	} else if (!state.loop_pid) {
		COUNT(not_ready);
	} else if (alone) {
		COUNT(silence);
	} else {
		open_custody(p, tctx, enq_flags);
		return;
	}
	close_requeued(tctx);
	enqueue_kernel_side(p, tctx);
}

SEC("struct_ops/dispatch")
void dispatch(u64 *ctx)
{
	s32 cpu = ARG(s32, 0);
	struct task_struct *prev = ARG(struct task_struct *, 1);
	struct cpu_state *c = cpu_state(cpu);
	bool prev_loop, own_first;

	if (!c)
		return;
	c->past_queues = 0;
	drain_decisions(cpu);

	own_first = c->own_streak < OWN_STREAK;
	if (own_first && take_own(c))
		return;
	if ((loop_may_run() || (competes(prev, cpu) && !silent())) &&
	    scx_bpf_dsq_move_to_local(DSQ_LOOP))
		return;
	if (take_task(cpu, c, silent() && !READ_ONCE(state.longest_queue))) {
		c->own_streak = 0;
		return;
	}
	if (!own_first && take_own(c))
		return;

	if (!prev || !still_runnable(prev))
		return;
	prev_loop = is_loop(prev);
	if (prev_loop && !loop_may_run())
		return;
	/* Nobody else wants this CPU. While the loop decides elsewhere somebody soon might. */
	if (!prev_loop) {
		COUNT(refills);
		prev->scx.slice = READ_ONCE(state.loop_cpu) >= 0 ?
					  min_u64(config.slice_ns, 1000 * 1000) :
					  config.slice_ns;
	} else {
		state.loop_resting = 0;
		prev->scx.slice = loop_slice(now());
	}
}

SEC("struct_ops.s/init")
s32 init(u64 *ctx)
{
	const struct cpumask *online, *possible;
	u32 cpus = scx_bpf_nr_cpu_ids();
	int err = 0;

	if ((err = scx_bpf_create_dsq(DSQ_OWN, -1)) || (err = scx_bpf_create_dsq(DSQ_LOOP, -1)) ||
	    (err = scx_bpf_create_dsq(DSQ_DECIDED_ANY, -1)) ||
	    (err = scx_bpf_create_dsq(DSQ_KERNEL_ANY, -1)))
		return err;

	possible = scx_bpf_get_possible_cpumask();
	FOR_RANGE(cpu, 0, cpus) {
		/* There are holes in the numbers, and to ask for the node of one is an error. */
		int node = config.numa_local && ksym_exists(scx_bpf_cpu_node) &&
					   bpf_cpumask_test_cpu(cpu, possible) ?
				   scx_bpf_cpu_node(cpu) :
				   -1;

		if ((err = scx_bpf_create_dsq(DSQ_PARK + cpu, node)) ||
		    (err = scx_bpf_create_dsq(DSQ_DECIDED + cpu, node)) ||
		    (err = scx_bpf_create_dsq(DSQ_KERNEL + cpu, node)))
			break;
	}
	scx_bpf_put_cpumask(possible);
	if (err)
		return err;

	online = scx_bpf_get_online_cpumask();
	state.online_cpus = bpf_cpumask_weight(online);
	FOR_RANGE(cpu, 0, cpus) {
		struct cpu_state *c = cpu_state(cpu);

		if (c)
			c->online = bpf_cpumask_test_cpu(cpu, online);
	}
	scx_bpf_put_cpumask(online);

	state.loop_since = now();
	return start_timer();
}

SEC("struct_ops/exit")
void exited(u64 *ctx)
{
	struct scx_exit_info *info = ARG(struct scx_exit_info *, 0);

	bpf_probe_read_kernel_str(exit_record.reason, sizeof(exit_record.reason), info->reason);
	bpf_probe_read_kernel_str(exit_record.message, sizeof(exit_record.message), info->msg);
	if (config.dump_bytes)
		bpf_probe_read_kernel_str(&exit_dump, config.dump_bytes, info->dump);
	exit_record.code = info->exit_code;
	/* Java polls kind: it goes last. */
	__sync_lock_test_and_set(&exit_record.kind, info->kind);
}

/* Run by the loop thread itself: who it is, right in every container. */
SEC("syscall")
int identify_loop(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();

	state.loop_cpu = -1; /* as soon as we are attached, we are told */
	state.loop_home = bpf_get_smp_processor_id();
	state.loop_tgid = p->tgid;
	state.loop_pid = p->pid;
	return 0;
}

/* Run by the loop thread: an idle CPU for a task, as a wake-up would look for it. */
SEC("syscall")
int find_idle_cpu(struct select_cpu_args *args)
{
	struct task_struct *p = bpf_task_from_pid(args->pid);
	struct cpu_state *c;

	args->cpu = -1;
	if (!p)
		return 0;
	if (!state.online_cpus) {
		bpf_task_release(p); /* a rehearsal: nothing is attached */
		return 0;
	}
	bpf_rcu_read_lock();
	args->cpu = idle_cpu_for(p, args->prev_cpu, args->flags);
	bpf_rcu_read_unlock();
	bpf_task_release(p);
	c = args->cpu < 0 ? NULL : cpu_state(args->cpu);
	if (c)
		c->claimed_at = now();
	return 0;
}

/*
 * Run by the loop thread before anything is attached: records that look like real ones, so that all
 * it does with them is loaded, compiled and in memory when real ones come.
 */
SEC("syscall")
int rehearse(struct rehearse_args *args)
{
	u32 wanted = args->tasks;

	args->tasks = 0;
	FOR_RANGE(i, 0, wanted) {
		struct queued_task *record = bpf_ringbuf_reserve(&queued, sizeof(*record), 0);

		if (!record)
			break;
		*record = (struct queued_task){
			.pid = (i & 1023) + 1,
			.tgid = (i & 1023) + 1,
			.nr_cpus_allowed = 1,
			.start_ts = now() - 2000 * 1000,
			.stop_ts = now() - 1000 * 1000,
			.exec_runtime = 1000 * 1000,
			.weight = 100,
			.generation = 1,
			.comm = "rehearsal",
		};
		bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
		args->tasks++;
	}
	return 0;
}

static long forget(struct bpf_dynptr *record, void *unused)
{
	return 0;
}

/* The decisions of a rehearsal: as many as one drain takes, to nowhere. */
SEC("syscall")
int drain_rehearsal(void *ctx)
{
	return bpf_user_ringbuf_drain(&dispatched, forget, NULL, BPF_RB_NO_WAKEUP);
}

SEC(".struct_ops.link")
struct sched_ext_ops scheduler = {
	.select_cpu = (void *)select_cpu,
	.enqueue = (void *)enqueue,
	.dispatch = (void *)dispatch,
	.running = (void *)running,
	.stopping = (void *)stopping,
	.yield = (void *)yield,
	.init_task = (void *)init_task,
	.exit_task = (void *)exit_task,
	.enable = (void *)enable,
	.disable = (void *)disable,
	.init = (void *)init,
	.exit = (void *)exited,
	.timeout_ms = 5000,
	.name = "java",
};
