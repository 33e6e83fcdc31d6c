/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
#ifndef LOAD_H
#define LOAD_H

#include <time.h>

double now(clockid_t clock);
void fail(const char *what) __attribute__((noreturn));
void round_of_work(void);

/* threads.c; what each does, and prints, is told in load.c */
void crowd(long tasks, double microseconds);
void sleepers(long tasks, double milliseconds, double seconds);
void game(double period, double work, double seconds);

#endif
