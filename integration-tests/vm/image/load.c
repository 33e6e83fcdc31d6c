// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
/*
 * Loads whose work can be counted, for tests that compare schedulers:
 *
 *   load spin SECONDS             one task that computes; prints how many rounds it managed
 *   load pingpong SECONDS         two processes that wake each other over pipes; prints how many
 *                                 times the token went there and back
 *   load crowd TASKS MICROSECONDS threads that all become runnable at once, each of which needs so
 *                                 much CPU time; prints how many of them were done
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CROWD_STACK (64 * 1024)

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* The same work each time: some microseconds, that the compiler cannot leave out. */
static void round_of_work(void)
{
	for (volatile int i = 0; i < 1000; i++)
		;
}

static void spin(double seconds)
{
	double end = now(CLOCK_MONOTONIC) + seconds;
	long rounds = 0;

	while (now(CLOCK_MONOTONIC) < end) {
		round_of_work();
		rounds++;
	}
	printf("%ld\n", rounds);
}

static void pass(int from, int to)
{
	char token;

	if (read(from, &token, 1) != 1 || write(to, &token, 1) != 1)
		exit(0); /* the other one is done */
}

static void pingpong(double seconds)
{
	int there[2], back[2];
	double end = now(CLOCK_MONOTONIC) + seconds;
	long times = 0;
	pid_t child;

	if (pipe(there) || pipe(back))
		fail("pipe");
	child = fork();
	if (child < 0)
		fail("fork");
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pass(there[0], back[1]);
	}
	while (now(CLOCK_MONOTONIC) < end) {
		if (write(there[1], "", 1) != 1)
			fail("write");
		if (read(back[0], &(char){ 0 }, 1) != 1)
			fail("read");
		times++;
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	printf("%ld\n", times);
}

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

static void crowd(long tasks, double microseconds)
{
	pthread_t *threads = calloc(tasks, sizeof(*threads));
	pthread_attr_t small;

	each = microseconds * 1e-6;
	if (!threads || pthread_barrier_init(&start, NULL, tasks) || pthread_attr_init(&small) ||
	    pthread_attr_setstacksize(&small, CROWD_STACK))
		fail("crowd");
	for (long i = 0; i < tasks; i++)
		if (pthread_create(&threads[i], &small, member, NULL)) {
			fprintf(stderr, "only %ld threads could be made\n", i);
			exit(1);
		}
	for (long i = 0; i < tasks; i++)
		pthread_join(threads[i], NULL);
	printf("%ld\n", atomic_load(&done));
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "spin"))
		spin(atof(argv[2]));
	else if (argc == 3 && !strcmp(argv[1], "pingpong"))
		pingpong(atof(argv[2]));
	else if (argc == 4 && !strcmp(argv[1], "crowd"))
		crowd(atol(argv[2]), atof(argv[3]));
	else {
		fprintf(stderr, "usage: load spin|pingpong SECONDS | load crowd TASKS MICROSECONDS\n");
		return 2;
	}
	return 0;
}
