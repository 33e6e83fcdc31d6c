// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's side of the ring tests: produces into a ring buffer, drains a user ring buffer,
 * and checks what it drains. Each record's words follow from its number, so that a record seen
 * too early, torn or written over shows on either side.
 */
#include "bpf.h"

#define MAX_WORDS 64
#define HEADER_WORDS 2

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} answers SEC(".maps");

/* What produce() does, and how far it got. */
struct production {
	u64 number;	/* of the next record, counted on */
	u64 full;	/* how often the ring was full, counted on */
	u32 records;	/* how many to produce */
	u32 producer;	/* who is producing */
	u32 discard;	/* every so many is discarded; 0 for none */
	u32 words;	/* the records' length in words, 0 for all lengths in turn */
};

/* What drain() found. */
struct drained {
	u64 number;	/* of the next record that is expected, counted on */
	u64 records;	/* drained, counted on */
	u64 checksum;	/* the sum of all words, counted on */
	u64 wrong;	/* records not as expected, counted on */
	u64 discard;	/* every so many was discarded; 0 for none */
};

/* Between Java and hold(), which keeps a record busy. In one struct, because clang orders variables as it likes. */
struct {
	u32 go_on;
	u32 holding;
} busy SEC(".data.busy");

/* A copy of the record being drained; the kernel lets one drain at a time. */
u64 drained_record[MAX_WORDS];

static u64 word(u64 number, u32 producer, u32 index)
{
	return number * 31 + index + ((u64)producer << 56);
}

static bool is_discarded(u64 number, u32 discard)
{
	return discard && number % discard == discard - 1;
}

/* A record: its number, its length in words with the producer, then words. */
static void fill(u64 *record, u64 number, u32 producer, u32 words)
{
	record[0] = number;
	record[1] = words | (u64)producer << 32;
	for (u32 i = HEADER_WORDS; i < words; i++)
		record[i] = word(number, producer, i);
}

/* The verifier wants the length of a reservation as a constant. */
#define PRODUCE(WORDS)                                                     \
	do {                                                               \
		u64 *record = bpf_ringbuf_reserve(&records, (WORDS) * 8, 0); \
		if (!record)                                               \
			return 1;                                          \
		fill(record, p->number, p->producer, WORDS);               \
		if (is_discarded(p->number, p->discard))                   \
			bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);     \
		else                                                       \
			bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);      \
		return 0;                                                  \
	} while (0)

/* 0, or 1 when the ring is full. */
static __noinline int produce_one(struct production *p)
{
	u32 words;

	if (!p)
		return 1;
	words = p->words;
	if (!words) {
		u32 turn = p->number % 5;

		words = turn == 0 ? 2 : turn == 1 ? 3 : turn == 2 ? 9 : turn == 3 ? 32 : 64;
	}
	switch (words) {
	case 2:
		PRODUCE(2);
	case 3:
		PRODUCE(3);
	case 9:
		PRODUCE(9);
	case 32:
		PRODUCE(32);
	default:
		PRODUCE(64);
	}
}

static long produce_next(u32 index, struct production *p)
{
	if (produce_one(p)) {
		p->full++;
		return 1;
	}
	p->number++;
	return 0;
}

/* Produces until there are enough or the ring is full. Returns how many, or the negative errno. */
SEC("syscall")
int produce(struct production *ctx)
{
	struct production p = *ctx;
	u64 before = p.number;
	/*
	 * Loaded by itself: as the lower half of a word that was copied whole it would bring the
	 * upper half along, and the bpf_loop that the verifier inlines looks at all 64 bits.
	 */
	u32 count = READ_ONCE(ctx->records);
	long result = bpf_loop(count, produce_next, &p, 0);

	if (result < 0)
		return result;
	ctx->number = p.number;
	ctx->full = p.full;
	return p.number - before;
}

/* Waits until it is told to go on, or time is up: too long a loop would stall the CPU. */
#define LONGEST_HOLD_NS (5ULL * 1000 * 1000 * 1000)

struct hold {
	u64 deadline;
};

static long look_for_go_on(u32 index, struct hold *hold)
{
	return READ_ONCE(busy.go_on) || bpf_ktime_get_ns() > hold->deadline;
}

static long wait_for_go_on(u32 index, struct hold *hold)
{
	bpf_loop(1 << 10, look_for_go_on, hold, 0);
	return look_for_go_on(0, hold);
}

/* Keeps a record busy until Java says go on; says whether it was told to, and not tired of it. */
SEC("syscall")
int hold(struct production *ctx)
{
	struct hold hold = {};
	u64 *record = bpf_ringbuf_reserve(&records, 2 * 8, 0);

	if (!record)
		return -1;
	hold.deadline = bpf_ktime_get_ns() + LONGEST_HOLD_NS;
	WRITE_ONCE(busy.holding, 1);
	bpf_loop(1 << 23, wait_for_go_on, &hold, 0);
	fill(record, ctx->number, ctx->producer, 2);
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	WRITE_ONCE(busy.holding, 0);
	return READ_ONCE(busy.go_on) != 0;
}

static long drain_one(struct bpf_dynptr *dynptr, struct drained *d)
{
	u64 *record = drained_record;
	u64 bytes, sum;
	u8 behind;
	bool wrong;

	if (bpf_dynptr_read(record, HEADER_WORDS * 8, dynptr, 0, 0)) {
		d->wrong++;
		return 0;
	}
	bytes = record[1] * 8;
	/* The record ends where it says, not before and not after. */
	if (bytes > sizeof(drained_record) || bpf_dynptr_read(record, bytes, dynptr, 0, 0) ||
	    !bpf_dynptr_read(&behind, 1, dynptr, bytes, 0)) {
		d->wrong++;
		return 0;
	}
	if (is_discarded(d->number, d->discard))
		d->number++;
	wrong = record[0] != d->number;
	sum = record[0] + record[1];
	for (u32 i = HEADER_WORDS; i < MAX_WORDS && i < record[1]; i++) {
		sum += record[i];
		wrong |= record[i] != word(record[0], 0, i);
	}
	d->wrong += wrong;
	d->number = record[0] + 1;
	d->records++;
	d->checksum += sum;
	return 0;
}

/* Drains what is there. Returns the number of records, or the negative errno. */
SEC("syscall")
int drain(struct drained *ctx)
{
	struct drained d = *ctx;
	long result = bpf_user_ringbuf_drain(&answers, drain_one, &d, 1 /* BPF_RB_NO_WAKEUP */);

	*ctx = d;
	return result;
}

/* What the kernel thinks of the ring. */
struct query {
	u64 available;
	u64 size;
	u64 consumer;
	u64 producer;
};

SEC("syscall")
int query(struct query *ctx)
{
	ctx->available = bpf_ringbuf_query(&records, BPF_RB_AVAIL_DATA);
	ctx->size = bpf_ringbuf_query(&records, BPF_RB_RING_SIZE);
	ctx->consumer = bpf_ringbuf_query(&records, BPF_RB_CONS_POS);
	ctx->producer = bpf_ringbuf_query(&records, BPF_RB_PROD_POS);
	return 0;
}

char _license[] SEC("license") = "GPL";
