/* SPDX-License-Identifier: GPL-2.0-only */
/* Ids of the dispatch queues; also for the tests' programs that look into them. */
#ifndef SCX_QUEUES_H
#define SCX_QUEUES_H

/*
 * Dispatch queues. FIFO and vtime inserts are never mixed in one, and a task is never put in
 * a queue of a CPU it may not use: either ends the scheduler.
 */
enum dsq {
	DSQ_OWN = 1,	       /* FIFO: threads of our own process */
	DSQ_LOOP = 2,	       /* FIFO: the loop thread */
	DSQ_DECIDED_ANY = 3,   /* vtime of the policy, any CPU */
	DSQ_KERNEL_ANY = 4,    /* vtime of our own, any CPU */
	DSQ_PARK = 1 << 20,    /* + cpu, FIFO: in custody, their record is with Java */
	DSQ_DECIDED = 2 << 20, /* + cpu, vtime of the policy */
	DSQ_KERNEL = 3 << 20,  /* + cpu, vtime of our own */
};

#endif
