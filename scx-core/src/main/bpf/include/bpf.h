/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a BPF program needs from libbpf and the kernel besides types: sections, map
 * definitions, the helpers in use and CO-RE built-ins. Helper numbers are kernel ABI
 * (enum bpf_func_id, include/uapi/linux/bpf.h).
 */
#ifndef SCX_BPF_H
#define SCX_BPF_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;
typedef _Bool bool;

#define true 1
#define false 0
#define NULL ((void *)0)

#define SEC(name) __attribute__((section(name), used))
#define __always_inline inline __attribute__((always_inline))
#define __noinline __attribute__((noinline))
#define __weak __attribute__((weak))
#define __ksym __attribute__((section(".ksyms")))
#define __hidden __attribute__((visibility("hidden")))
#define __uint(name, value) int(*name)[value]
#define __type(name, value) typeof(value) *name

/* enum bpf_map_type */
#define BPF_MAP_TYPE_ARRAY 2
#define BPF_MAP_TYPE_HASH 1
#define BPF_MAP_TYPE_PERCPU_ARRAY 6
#define BPF_MAP_TYPE_STRUCT_OPS 26
#define BPF_MAP_TYPE_RINGBUF 27
#define BPF_MAP_TYPE_TASK_STORAGE 29
#define BPF_MAP_TYPE_USER_RINGBUF 31

/* map and helper flags */
#define BPF_F_NO_PREALLOC (1U << 0)
#define BPF_F_MMAPABLE (1U << 10)
#define BPF_ANY 0
#define BPF_NOEXIST 1
#define BPF_LOCAL_STORAGE_GET_F_CREATE (1ULL << 0)
#define BPF_RB_NO_WAKEUP (1ULL << 0)
#define BPF_RB_AVAIL_DATA 0
#define BPF_RB_RING_SIZE 1
#define BPF_RB_CONS_POS 2
#define BPF_RB_PROD_POS 3
#define CLOCK_MONOTONIC 1

/* errno, as helpers and kfuncs return it */
#define ENOENT 2
#define EBUSY 16
#define EINVAL 22
#define ENODATA 61

struct task_struct;
struct bpf_timer {
	u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_dynptr {
	u64 opaque[2];
} __attribute__((aligned(8)));

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const bpf_map_update_elem)(void *map, const void *key, const void *value,
					 u64 flags) = (void *)2;
static long (*const bpf_map_delete_elem)(void *map, const void *key) = (void *)3;
static u64 (*const bpf_ktime_get_ns)(void) = (void *)5;
static long (*const bpf_trace_printk)(const char *fmt, u32 fmt_size, ...) = (void *)6;
static u32 (*const bpf_get_smp_processor_id)(void) = (void *)8;
static u64 (*const bpf_get_current_pid_tgid)(void) = (void *)14;
static long (*const bpf_get_current_comm)(void *buf, u32 size) = (void *)16;
static long (*const bpf_probe_read_kernel)(void *dst, u32 size, const void *src) = (void *)113;
static long (*const bpf_probe_read_kernel_str)(void *dst, u32 size,
					       const void *src) = (void *)115;
static u64 (*const bpf_jiffies64)(void) = (void *)118;
static long (*const bpf_ringbuf_output)(void *ringbuf, void *data, u64 size,
					u64 flags) = (void *)130;
static void *(*const bpf_ringbuf_reserve)(void *ringbuf, u64 size, u64 flags) = (void *)131;
static void (*const bpf_ringbuf_submit)(void *data, u64 flags) = (void *)132;
static void (*const bpf_ringbuf_discard)(void *data, u64 flags) = (void *)133;
static u64 (*const bpf_ringbuf_query)(void *ringbuf, u64 flags) = (void *)134;
static void *(*const bpf_task_storage_get)(void *map, struct task_struct *task, void *value,
					   u64 flags) = (void *)156;
static long (*const bpf_task_storage_delete)(void *map, struct task_struct *task) = (void *)157;
static struct task_struct *(*const bpf_get_current_task_btf)(void) = (void *)158;
static long (*const bpf_timer_init)(struct bpf_timer *timer, void *map, u64 flags) = (void *)169;
static long (*const bpf_timer_set_callback)(struct bpf_timer *timer, void *callback) = (void *)170;
static long (*const bpf_timer_start)(struct bpf_timer *timer, u64 nsecs, u64 flags) = (void *)171;
static long (*const bpf_timer_cancel)(struct bpf_timer *timer) = (void *)172;
static long (*const bpf_loop)(u32 nr_loops, void *callback, void *ctx, u64 flags) = (void *)181;
static long (*const bpf_dynptr_read)(void *dst, u32 len, const struct bpf_dynptr *src, u32 offset,
				     u64 flags) = (void *)201;
static void *(*const bpf_dynptr_data)(const struct bpf_dynptr *ptr, u32 offset,
				      u32 len) = (void *)203;
static long (*const bpf_user_ringbuf_drain)(void *map, void *callback, void *ctx,
					    u64 flags) = (void *)209;

/* CO-RE: what the running kernel has, resolved by libbpf at load. */
#define core_field_exists(field) __builtin_preserve_field_info(field, 2)
#define core_type_exists(type) __builtin_preserve_type_info(*(typeof(type) *)0, 0)
#define core_enum_value_exists(enum_type, value) \
	__builtin_preserve_enum_value(*(typeof(enum_type) *)value, 0)
#define core_enum_value(enum_type, value) \
	__builtin_preserve_enum_value(*(typeof(enum_type) *)value, 1)

/* True if the running kernel has this weak kfunc; a branch on it is pruned by the verifier. */
#define ksym_exists(sym)                                                                        \
	({                                                                                      \
		_Static_assert(!__builtin_constant_p(!!(sym)), #sym " must be declared __weak"); \
		!!(sym);                                                                        \
	})

/*
 * Programs of struct_ops and tracing get their arguments as an array of u64.
 * BPF_PROG_ARGS(name, (type) a, (type) b) would hide that; instead each program takes the
 * array and names its arguments with ARG.
 */
#define ARG(type, n) ((type)ctx[n])

/* Keeps clang from merging or reordering accesses to memory that others write. */
#define READ_ONCE(x) (*(volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile typeof(x) *)&(x) = (v))

#endif
