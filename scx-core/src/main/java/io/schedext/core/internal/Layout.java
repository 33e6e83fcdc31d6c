// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
package io.schedext.core.internal;

/// Offsets in bytes of what Java and the BPF program share, one nested class per type of `wire.h`,
/// each constant named as its member there. The build holds every one of them against the BTF of
/// the compiled program.
public final class Layout {

    private Layout() {}

    /// `struct queued_task`
    public static final class Queued {
        public static final long PID = 0;
        public static final long TGID = 4;
        public static final long CPU = 8;
        public static final long NR_CPUS_ALLOWED = 12;
        public static final long FLAGS = 16;
        public static final long START_TS = 24;
        public static final long STOP_TS = 32;
        public static final long EXEC_RUNTIME = 40;
        public static final long WEIGHT = 48;
        public static final long VTIME = 56;
        public static final long GENERATION = 64;
        public static final long COMM = 72;
        public static final long BYTES = 88;

        private Queued() {}
    }

    /// `struct dispatched_task`
    public static final class Dispatched {
        public static final long PID = 0;
        public static final long CPU = 4;
        public static final long FLAGS = 8;
        public static final long SLICE_NS = 16;
        public static final long VTIME = 24;
        public static final long GENERATION = 32;
        public static final long POLICY = 40;
        public static final long BYTES = 48;

        private Dispatched() {}
    }

    /// `struct scheduler_config`
    public static final class Config {
        public static final long SLICE_NS = 0;
        public static final long MAX_SLICE_NS = 8;
        public static final long OVERDUE_NS = 16;
        public static final long TIMER_NS = 24;
        public static final long SILENT_AFTER_NS = 32;
        public static final long HEARTBEAT_NS = 40;
        public static final long DUMP_BYTES = 48;
        public static final long BUILTIN_IDLE = 52;
        public static final long NUMA_LOCAL = 53;
        public static final long DEBUG = 54;
        public static final long NO_SIBLINGS = 55;

        private Config() {}
    }

    /// `struct cpu_counters`, at the start of `struct cpu_state`
    public static final class Cpu {
        public static final long OPENED = 0;
        public static final long CLOSED_USER = 8;
        public static final long CLOSED_BOUNCED = 16;
        public static final long CLOSED_SILENCE = 24;
        public static final long CLOSED_OVERDUE = 32;
        public static final long CLOSED_KERNEL = 40;
        public static final long CLOSED_REQUEUED = 48;
        public static final long CLOSED_LEFT = 56;
        public static final long DRAINED = 64;
        public static final long STALE = 72;
        public static final long GONE = 80;
        public static final long REFUSED = 88;
        public static final long DIRECT = 96;
        public static final long OWN = 104;
        public static final long KTHREAD = 112;
        public static final long CONGESTED = 120;
        public static final long NO_STORAGE = 128;
        public static final long NOT_READY = 136;
        public static final long SILENCE = 144;
        public static final long DRAIN_ERRORS = 152;
        public static final long MOVE_RETRIES = 160;
        public static final long REFILLS = 168;
        public static final long LOOP_KICKS = 176;
        public static final long LOOP_PREEMPTS = 184;
        public static final long RESCUED = 192;
        public static final long ONLINE = 200;
        public static final long RUNNING = 204;
        public static final long BYTES = 256;

        private Cpu() {}
    }

    /// `struct scheduler_state`
    public static final class State {
        public static final long PENDING = 0;
        public static final long SUBMITTED = 8;
        public static final long PROGRESS = 16;
        public static final long POLICY = 24;
        public static final long LOOP_PID = 64;
        public static final long ONLINE_CPUS = 96;
        public static final long RING_ERROR = 100;
        public static final long LOOP_LONGEST_PAUSE = 144;
        public static final long SILENT_NS = 208;
        public static final long SILENT_EXITS = 216;
        public static final long SILENT_ENTRIES = 224;
        public static final long LONGEST_QUEUE = 264;
        public static final long LATENCY = 368;
        public static final int LATENCY_BUCKETS = 256;

        private State() {}
    }

    /// `struct exit_record`
    public static final class Exit {
        public static final long KIND = 0;
        public static final long CODE = 8;
        public static final long REASON = 16;
        public static final long MESSAGE = 144;
        public static final int REASON_BYTES = 128;
        public static final int MESSAGE_BYTES = 1024;

        private Exit() {}
    }

    /// `struct rehearse_args`
    public static final class Rehearse {
        public static final long TASKS = 0;
        public static final long BYTES = 8;

        private Rehearse() {}
    }

    /// `struct select_cpu_args`
    public static final class SelectCpu {
        public static final long PID = 0;
        public static final long PREV_CPU = 4;
        public static final long FLAGS = 8;
        public static final long CPU = 16;
        public static final long BYTES = 24;

        private SelectCpu() {}
    }
}
