// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
/* Loads of threads that start together, and loads that keep to a clock. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "load.h"

#define SMALL_STACK (64 * 1024)

static pthread_barrier_t start;
static atomic_long done;
static double each;

static void *member(void *unused)
{
	double begun;

	(void)unused;
	pthread_barrier_wait(&start);
	begun = now(CLOCK_THREAD_CPUTIME_ID);
	while (now(CLOCK_THREAD_CPUTIME_ID) - begun < each)
		round_of_work();
	atomic_fetch_add(&done, 1);
	return NULL;
}

static void threads(long tasks, void *(*run)(void *))
{
	pthread_t *threads = calloc(tasks, sizeof(*threads));
	pthread_attr_t small;

	if (!threads || pthread_barrier_init(&start, NULL, tasks) || pthread_attr_init(&small) ||
	    pthread_attr_setstacksize(&small, SMALL_STACK))
		fail("threads");
	for (long i = 0; i < tasks; i++)
		if (pthread_create(&threads[i], &small, run, NULL)) {
			fprintf(stderr, "only %ld threads could be made\n", i);
			exit(1);
		}
	for (long i = 0; i < tasks; i++)
		pthread_join(threads[i], NULL);
}

void crowd(long tasks, double microseconds)
{
	each = microseconds * 1e-6;
	threads(tasks, member);
	printf("%ld\n", atomic_load(&done));
}

static void sleep_until(double when)
{
	struct timespec t = { .tv_sec = when, .tv_nsec = (when - (long)when) * 1e9 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL))
		;
}

static double period, until;
static atomic_long wakeups, latest;

static void *sleeper(void *unused)
{
	long late, seen;

	(void)unused;
	pthread_barrier_wait(&start);
	for (double next = now(CLOCK_MONOTONIC) + period; next < until; next += period) {
		sleep_until(next);
		late = (now(CLOCK_MONOTONIC) - next) * 1e6;
		seen = atomic_load(&latest);
		while (late > seen && !atomic_compare_exchange_weak(&latest, &seen, late))
			;
		atomic_fetch_add(&wakeups, 1);
	}
	return NULL;
}

void sleepers(long tasks, double milliseconds, double seconds)
{
	period = milliseconds * 1e-3;
	until = now(CLOCK_MONOTONIC) + seconds;
	threads(tasks, sleeper);
	printf("%ld %ld\n", atomic_load(&wakeups), atomic_load(&latest));
}

void game(double period, double work, double seconds)
{
	double next = now(CLOCK_MONOTONIC), end = next + seconds;
	long periods = 0, missed = 0, latest = 0;

	while (next < end) {
		double begun = now(CLOCK_THREAD_CPUTIME_ID);
		long late;

		while (now(CLOCK_THREAD_CPUTIME_ID) - begun < work)
			round_of_work();
		next += period;
		late = (now(CLOCK_MONOTONIC) - next) * 1e6;
		periods++;
		missed += late > 0;
		latest = late > latest ? late : latest;
		if (late > 0)
			next = now(CLOCK_MONOTONIC); /* the next picture is drawn from here on */
		else
			sleep_until(next);
	}
	printf("%ld %ld %ld\n", periods, missed, latest);
}
