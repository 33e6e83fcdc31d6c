/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Java and the kernel side share: the two records, the configuration Java writes
 * before load and the state both see while running. Java's offsets are checked against the
 * BTF of these types in the build of scx-core.
 */
#ifndef SCX_WIRE_H
#define SCX_WIRE_H

#include "bpf.h"

enum wire_constants {
	ANY_CPU = 1 << 20, /* decision: the first allowed CPU that is free */
	COMM_BYTES = 16,
	REASON_BYTES = 128,
	MESSAGE_BYTES = 1024,
	LATENCY_BUCKETS = 64 * 4, /* four per power of two, nanoseconds */
};

/* Why the kernel side schedules without the loop. */
enum silence {
	SILENT_BLOCKED,	/* it sleeps, though it never does so on purpose */
	SILENT_STALLED,	/* it runs and gets nothing done while tasks wait */
	SILENT_STARVED,	/* it is runnable and gets no CPU: a higher class has it */
	SILENT_DAMAGED,	/* its decisions cannot be read any more */
	SILENCE_CAUSES,
};

/* The one flag of a decision that has a meaning; it is the kernel's SCX_ENQ_PREEMPT bit. */
enum decision_flags {
	DECISION_PREEMPT = 1ULL << 32,
};

/* Kernel to Java, through the ring `queued`. */
struct queued_task {
	s32 pid;
	s32 tgid;
	s32 cpu;
	u32 nr_cpus_allowed;
	u64 flags;
	u64 start_ts;
	u64 stop_ts;
	u64 exec_runtime;
	u64 weight;
	u64 vtime;
	u64 generation;
	char comm[COMM_BYTES];
};

/* Java to kernel, through the user ring `dispatched`. */
struct dispatched_task {
	s32 pid;
	s32 cpu;
	u64 flags;
	u64 slice_ns;
	u64 vtime;
	u64 generation;
	u64 policy; /* the number of the policy that decided: state.policy at that time */
};

/* Written by Java before load, constant afterwards. */
struct scheduler_config {
	u64 slice_ns;	   /* default slice */
	u64 max_slice_ns;  /* no slice is longer */
	u64 overdue_ns;	   /* a task that waits longer is scheduled by the kernel side */
	u64 timer_ns;	   /* how often that is looked at */
	u64 silent_after_ns; /* CPU time without progress; see silence.h */
	u64 heartbeat_ns;  /* the loop runs at least this often */
	u32 dump_bytes;	   /* room in the dump buffer */
	bool builtin_idle; /* the kernel side gives a waking task to an idle CPU itself */
	bool numa_local;
	bool debug;
	bool no_siblings;  /* each core is one CPU, so an idle CPU is an idle core */
	/* no data: these keep the types in BTF, where Java's build looks for them */
	enum wire_constants constants;
	enum decision_flags decision_flags;
	enum silence silence;
	struct queued_task queued_task[0];
	struct dispatched_task dispatched_task[0];
};

/* Counters of one CPU. Written by that CPU only, atomically, since programs can nest. */
struct cpu_counters {
	/* ledger of tasks: opened = those closed below + still parked */
	u64 opened;
	u64 closed_user;
	u64 closed_bounced;
	u64 closed_silence;
	u64 closed_overdue;
	u64 closed_kernel;
	u64 closed_requeued;
	u64 closed_left;
	/* ledger of decisions: drained = closed_user + closed_bounced + the three below */
	u64 drained;
	u64 stale;
	u64 gone;
	u64 refused;
	/* tasks that never came to Java, by reason */
	u64 direct;	/* to an idle CPU */
	u64 own;	/* threads of our own process */
	u64 kthread;	/* kernel threads */
	u64 congested;	/* the ring was full */
	u64 no_storage; /* no memory for the task's state */
	u64 not_ready;	/* the loop is not known yet */
	u64 silence;	/* the loop was silent */
	/* how it went */
	u64 drain_errors;
	u64 move_retries;
	u64 refills;
	u64 loop_kicks;
	u64 loop_preempts;
	u64 rescued; /* dispatched, but overdue or by a policy that is gone, and moved to where they can run */
};

/* One CPU; an array map of these is mapped by Java. */
struct cpu_state {
	struct cpu_counters counters;
	u32 online;
	u32 running; /* 1 while a task other than the loop runs here */
	u32 turn;    /* whose turn it is here, see take_task() */
	u32 barrier; /* see full_barrier() */
	u32 own_streak; /* how many threads of our own process it took one after the other */
	u32 past_queues; /* how many tasks it got past its queues since it last looked into them */
	u64 decided_at; /* when something was last put into this CPU's decided queue, see expect() */
	u64 kernel_at;	/* the same of the kernel side's queue */
	u64 claimed_at; /* found idle by find_idle_cpu(), and not used since; 0 if not */
} __attribute__((aligned(64)));

/* The loop thread and what both sides tell each other. */
struct scheduler_state {
	/* written by Java */
	u64 pending __attribute__((aligned(64))); /* tasks the policy holds back */
	u64 submitted; /* decisions put into the ring */
	u64 progress;  /* changes with each task taken, decision submitted, cycle ended */
	u64 policy;    /* changes with each policy that takes the place of another */
	/* written by the kernel side */
	s32 loop_pid __attribute__((aligned(64)));
	s32 loop_tgid;
	s32 loop_cpu;	/* where it runs now, -1 if it does not */
	s32 loop_home;	/* where it ran last */
	u32 loop_pinned; /* it may not run everywhere */
	u32 loop_blocked;
	u32 loop_resting; /* it gave its CPU away by sched_yield() and has not run since */
	u32 heartbeat;
	u32 online_cpus;
	s32 ring_error;	   /* why the ring of decisions cannot be read any more, negative; 0 if it can */
	u64 loop_since;	   /* when it became runnable, or ran last */
	u64 loop_blocked_at;
	u64 loop_started;  /* when its current run began */
	u64 loop_used;	   /* its CPU time, the current run left out, ns */
	u64 loop_paused;   /* since when it is held up in the middle of something; 0 if it is not */
	u64 loop_longest_pause; /* ns */
	u64 starving_since; /* seen with work and without a CPU, if later than loop_since */
	u64 loop_window;   /* start of the accounting window of a loop that has stalled */
	u64 loop_window_used; /* its CPU time then */
	u64 progress_seen; /* the last progress the timer saw */
	u64 progress_used; /* the loop's CPU time then */
	u64 silent_since;  /* 0 while the loop decides */
	u64 silent_progress; /* Java's progress then; another one ends the silence */
	u64 silent_ns;	   /* all silences that have ended */
	u64 silent_exits;
	u64 silent_entries[SILENCE_CAUSES];
	u64 swept_at;	   /* when overdue tasks were last looked for */
	u64 longest_queue; /* how many tasks wait in the queue where most wait */
	u64 drained;	   /* decisions taken from the ring */
	u64 kernel_vtime;  /* the kernel side's own clock of fairness */
	u64 own_window;	   /* start of the accounting window of our own threads */
	u64 own_used;	   /* what they used of it, ns */
	u64 loop_called;   /* when a wake-up last took a CPU for it */
	u64 own_at;	   /* when something was last put into this queue, see expect() */
	u64 decided_any_at;
	u64 kernel_any_at;
	u64 calls_window;  /* since when calls are counted, and how many there were */
	u64 calls;
	u64 batch;	   /* decisions taken from the ring in one go */
	u64 swept_policy;  /* whose decisions were looked for when overdue tasks were */
	u64 latency[LATENCY_BUCKETS]; /* parked to moved by a decision */
};

/* Why the scheduler ended; kind is written last. */
struct exit_record {
	s32 kind;
	u32 unused;
	s64 code;
	char reason[REASON_BYTES];
	char message[MESSAGE_BYTES];
};

/* SEC("syscall") select_cpu */
struct select_cpu_args {
	s32 pid;
	s32 prev_cpu;
	u64 flags;
	s32 cpu; /* out: an idle CPU, or negative */
	u32 unused;
};

/* SEC("syscall") rehearse */
struct rehearse_args {
	u32 tasks; /* in: how many made-up records to submit; out: how many there was room for */
	u32 unused;
};

#endif
