// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
/*
 * Loads whose work can be counted, for tests that compare schedulers:
 *
 *   load spin SECONDS             one task that computes; prints how many rounds it managed
 *   load crowd TASKS MICROSECONDS threads that all become runnable at once, each of which needs so
 *                                 much CPU time; prints how many of them were done
 *   load hogs TASKS SECONDS       processes that compute, all from the same moment on; prints how
 *                                 many rounds they managed together, and the one that managed least
 *   load shares SECONDS NICE...   a process for each nice value, all of which compute from the same
 *                                 moment on; prints the microseconds of CPU time each of them got
 *   load sleepers TASKS MILLISECONDS SECONDS
 *                                 threads that wake up that often and do next to nothing; prints how
 *                                 often they woke up, and by how many microseconds the latest was late
 *   load game PERIOD WORK SECONDS one task that needs so many microseconds of CPU time in each
 *                                 period of so many; prints how many periods there were, how many it
 *                                 missed, and by how many microseconds at most
 *   load pingpong PAIRS SECONDS   pairs of processes that wake each other over pipes, from the same
 *                                 moment on; prints how many times all tokens went there and back,
 *                                 and the one that did least often
 *   load forks SECONDS            children that end at once; prints how many there were
 *   load execs SECONDS            children that become another program, which ends at once
 *   load exits SECONDS            children that end while all of their threads compute
 *   load hold CPU SECONDS         one real-time task that keeps a CPU to itself; prints since when and
 *                                 until when, in nanoseconds of CLOCK_MONOTONIC, and the rounds
 *   load eat MEBIBYTES            one task that takes memory, all of it touched, and keeps it
 *   load ext ...                  any of these, of the class SCHED_EXT
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "load.h"

#define SCHED_EXT 7 /* uapi/linux/sched.h, newer than the C library */
#define SIBLINGS 4 /* how many children of a storm live at a time */
#define MEBIBYTE (1024UL * 1024)

double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* The same work each time: some microseconds, that the compiler cannot leave out. */
void round_of_work(void)
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

static void hold(int cpu, double seconds)
{
	struct sched_param lowest = { .sched_priority = 1 };
	double start;
	long rounds = 0;
	cpu_set_t only;

	CPU_ZERO(&only);
	CPU_SET(cpu, &only);
	if (sched_setaffinity(0, sizeof(only), &only) ||
	    sched_setscheduler(0, SCHED_FIFO, &lowest))
		fail("hold");
	start = now(CLOCK_MONOTONIC);
	while (now(CLOCK_MONOTONIC) < start + seconds) {
		round_of_work();
		rounds++;
	}
	printf("%.0f %.0f %ld\n", start * 1e9, now(CLOCK_MONOTONIC) * 1e9, rounds);
}

static pid_t child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

/* Shared by all that run from the same moment on to the same end. */
struct race {
	atomic_int ready;   /* how many wait for the start */
	atomic_int started; /* waited for by futex(2): a pipe would let one after the other go */
	double end;
	long rounds[];
};

static void await_start(struct race *race)
{
	atomic_fetch_add(&race->ready, 1);
	while (!atomic_load(&race->started))
		syscall(SYS_futex, &race->started, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void hog(struct race *race, volatile long *rounds)
{
	await_start(race);
	while (now(CLOCK_MONOTONIC) < race->end) {
		round_of_work();
		++*rounds;
	}
}

static char **nices;

static void share(struct race *race, volatile long *used)
{
	double begun;

	await_start(race);
	begun = now(CLOCK_THREAD_CPUTIME_ID);
	while (now(CLOCK_MONOTONIC) < race->end)
		round_of_work();
	*used = (now(CLOCK_THREAD_CPUTIME_ID) - begun) * 1e6;
}

static void pass(int from, int to)
{
	char token;

	if (read(from, &token, 1) != 1 || write(to, &token, 1) != 1)
		exit(0); /* the other one is done */
}

static void pingpong(struct race *race, volatile long *rounds)
{
	int there[2], back[2];
	pid_t other;

	if (pipe(there) || pipe(back))
		fail("pipe");
	other = child();
	if (!other)
		for (;;)
			pass(there[0], back[1]);
	await_start(race);
	while (now(CLOCK_MONOTONIC) < race->end) {
		if (write(there[1], "", 1) != 1)
			fail("write");
		if (read(back[0], &(char){ 0 }, 1) != 1)
			fail("read");
		++*rounds;
	}
	kill(other, SIGKILL);
}

static void race(void (*run)(struct race *, volatile long *rounds), long runners, double seconds)
{
	struct race *race = mmap(NULL, sizeof(*race) + runners * sizeof(long),
				 PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long sum = 0, least;
	int status;

	if (race == MAP_FAILED)
		fail("race");
	for (long i = 0; i < runners; i++)
		if (!child()) {
			if (nices && setpriority(PRIO_PROCESS, 0, atoi(nices[i])))
				fail("setpriority");
			run(race, &race->rounds[i]);
			_exit(0);
		}
	while (atomic_load(&race->ready) < runners) {
		if (waitpid(-1, &status, WNOHANG) > 0)
			exit(1); /* it has told why */
		usleep(1000);
	}
	race->end = now(CLOCK_MONOTONIC) + seconds;
	atomic_store(&race->started, 1);
	syscall(SYS_futex, &race->started, FUTEX_WAKE, runners, NULL, NULL, 0);
	while (wait(&status) > 0)
		if (status)
			exit(1);
	for (long i = 0; nices && i < runners; i++)
		printf("%ld%c", race->rounds[i], i + 1 < runners ? ' ' : '\n');
	if (nices)
		return;
	least = race->rounds[0];
	for (long i = 0; i < runners; i++) {
		sum += race->rounds[i];
		least = race->rounds[i] < least ? race->rounds[i] : least;
	}
	printf("%ld %ld\n", sum, least);
}

static void end_at_once(void)
{
	_exit(0);
}

static void become_another(void)
{
	execl("/proc/self/exe", "load", "nothing", NULL);
	_exit(1);
}

static void *compute(void *unused)
{
	(void)unused;
	for (;;)
		round_of_work();
	return NULL;
}

static void end_with_threads(void)
{
	pthread_t thread;

	for (int i = 0; i < 8; i++)
		if (pthread_create(&thread, NULL, compute, NULL))
			_exit(1);
	_exit(0);
}

static void storm(void (*life)(void), double seconds)
{
	double end = now(CLOCK_MONOTONIC) + seconds;
	long children = 0;
	int status;

	while (now(CLOCK_MONOTONIC) < end) {
		for (int i = 0; i < SIBLINGS; i++)
			if (!child())
				life();
		while (wait(&status) > 0) {
			if (status) {
				fprintf(stderr, "a child ended with status %x\n", status);
				exit(1);
			}
			children++;
		}
	}
	printf("%ld\n", children);
}

static void eat(long mebibytes)
{
	for (long i = 0; i < mebibytes; i++) {
		char *more = malloc(MEBIBYTE);

		if (!more)
			fail("malloc");
		for (size_t at = 0; at < MEBIBYTE; at += 4096)
			*(volatile char *)(more + at) = 1;
	}
	pause();
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "ext")) {
		if (sched_setscheduler(0, SCHED_EXT, &(struct sched_param){ 0 }))
			fail("ext");
		argv++;
		argc--;
	}
	if (argc == 3 && !strcmp(argv[1], "spin"))
		spin(atof(argv[2]));
	else if (argc == 4 && !strcmp(argv[1], "pingpong"))
		race(pingpong, atol(argv[2]), atof(argv[3]));
	else if (argc == 4 && !strcmp(argv[1], "crowd"))
		crowd(atol(argv[2]), atof(argv[3]));
	else if (argc == 4 && !strcmp(argv[1], "hogs"))
		race(hog, atol(argv[2]), atof(argv[3]));
	else if (argc > 3 && !strcmp(argv[1], "shares")) {
		nices = argv + 3;
		race(share, argc - 3, atof(argv[2]));
	} else if (argc == 5 && !strcmp(argv[1], "sleepers"))
		sleepers(atol(argv[2]), atof(argv[3]), atof(argv[4]));
	else if (argc == 5 && !strcmp(argv[1], "game"))
		game(atof(argv[2]) * 1e-6, atof(argv[3]) * 1e-6, atof(argv[4]));
	else if (argc == 3 && !strcmp(argv[1], "forks"))
		storm(end_at_once, atof(argv[2]));
	else if (argc == 3 && !strcmp(argv[1], "execs"))
		storm(become_another, atof(argv[2]));
	else if (argc == 3 && !strcmp(argv[1], "exits"))
		storm(end_with_threads, atof(argv[2]));
	else if (argc == 4 && !strcmp(argv[1], "hold"))
		hold(atoi(argv[2]), atof(argv[3]));
	else if (argc == 3 && !strcmp(argv[1], "eat"))
		eat(atol(argv[2]));
	else if (argc != 2 || strcmp(argv[1], "nothing")) {
		fprintf(stderr, "usage: load spin|forks|execs|exits SECONDS |"
				" load crowd TASKS MICROSECONDS | load hogs TASKS SECONDS |"
				" load shares SECONDS NICE... | load sleepers TASKS MILLISECONDS SECONDS |"
				" load game PERIOD WORK SECONDS | load pingpong PAIRS SECONDS | load hold CPU SECONDS | load eat MEBIBYTES |"
				" load ext (any of these)\n");
		return 2;
	}
	return 0;
}
