// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0
//
// The guest's process 1: runs commands for the host over one virtio-serial port.
//
// It is made to work while the scheduler under test does not: real-time class (its children fall back to
// the normal one), memory locked, statically linked, and nothing between it and the host but one interrupt.
//
// Frames, both ways: length of the payload, job, type, each a little-endian u32, then the payload.
// The host's side is io.schedext.kernelvm.Frame; keep the two alike.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT_NAME "scx.agent"
#define MAX_PAYLOAD (256 * 1024)
#define MAX_JOBS 64

enum { // to the guest
	REQ_HELLO = 1,    // answered by EV_HELLO; also the proof that the guest is alive
	REQ_START = 2,    // payload: working folder, number of variables, variables, arguments; each ends in NUL
	REQ_SIGNAL = 3,   // payload: u32 signal, for the whole process group of the job
	REQ_POWEROFF = 4,
};

enum { // to the host
	EV_HELLO = 101,
	EV_STARTED = 102, // payload: u32 pid
	EV_STDOUT = 103,
	EV_STDERR = 104,
	EV_EXIT = 105,    // payload: u32 status as a shell gives it: the exit code, or 128 + signal
	EV_REFUSED = 106, // payload: reason as text
};

struct job {
	uint32_t id;
	pid_t pid;        // 0: slot is free
	int pipe[2];      // reading ends of stdout and stderr; -1: closed
};

static struct job jobs[MAX_JOBS];
static int port = -1;
static unsigned char in[12 + MAX_PAYLOAD];
static size_t in_length;

static void put32(unsigned char *at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		at[i] = v >> (8 * i);
}

static uint32_t get32(const unsigned char *at)
{
	return at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24;
}

static void write_all(const void *data, size_t length)
{
	const char *at = data;

	while (length) {
		ssize_t n = write(port, at, length);

		if (n > 0) {
			at += n;
			length -= n;
		} else if (n < 0 && errno != EINTR) {
			// No host at the other end: it looks after its own time limits.
			usleep(10000);
		}
	}
}

static void send_event(uint32_t job, uint32_t type, const void *payload, size_t length)
{
	static unsigned char out[12 + 32768];

	put32(out, length);
	put32(out + 4, job);
	put32(out + 8, type);
	memcpy(out + 12, payload, length);
	write_all(out, 12 + length);
}

static void send_u32(uint32_t job, uint32_t type, uint32_t value)
{
	unsigned char payload[4];

	put32(payload, value);
	send_event(job, type, payload, sizeof(payload));
}

// Finds the port by its name: there is no udev here to make links.
static int open_port(void)
{
	for (;;) {
		DIR *dir = opendir("/sys/class/virtio-ports");
		struct dirent *entry;

		while (dir && (entry = readdir(dir))) {
			char path[400], name[64] = "";
			int fd;

			snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name", entry->d_name);
			fd = open(path, O_RDONLY | O_CLOEXEC);
			if (fd < 0)
				continue;
			if (read(fd, name, sizeof(name) - 1) < 0)
				name[0] = 0;
			close(fd);
			name[strcspn(name, "\n")] = 0;
			if (strcmp(name, PORT_NAME))
				continue;
			snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
			fd = open(path, O_RDWR | O_CLOEXEC);
			if (fd >= 0) {
				closedir(dir);
				return fd;
			}
		}
		if (dir)
			closedir(dir);
		usleep(10000);
	}
}

static void run_child(char *cwd, char **variables, int variable_count, char **arguments, int out, int err)
{
	sigset_t none;
	int null = open("/dev/null", O_RDONLY);

	setsid();
	dup2(null, 0);
	dup2(out, 1);
	dup2(err, 2);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int i = 0; i < variable_count; i++)
		putenv(variables[i]);
	if (chdir(cwd))
		dprintf(2, "agent: cannot enter %s: %s\n", cwd, strerror(errno));
	else {
		execvp(arguments[0], arguments);
		dprintf(2, "agent: cannot run %s: %s\n", arguments[0], strerror(errno));
	}
	_exit(127);
}

static void refuse(uint32_t id, const char *reason)
{
	send_event(id, EV_REFUSED, reason, strlen(reason));
}

static void start(uint32_t id, char *payload, uint32_t length)
{
	static char *words[4096];
	struct job *job = NULL;
	int count = 0, variables, out[2], err[2];

	for (int i = 0; i < MAX_JOBS && !job; i++)
		if (!jobs[i].pid)
			job = &jobs[i];
	if (!job)
		return refuse(id, "too many commands at once");
	for (uint32_t at = 0; at < length && count < 4095; at += strlen(payload + at) + 1)
		words[count++] = payload + at; // the caller has put a NUL behind the payload
	words[count] = NULL;
	variables = count > 1 ? atoi(words[1]) : -1;
	if (variables < 0 || count < 3 + variables)
		return refuse(id, "malformed request");
	if (pipe2(out, O_CLOEXEC))
		return refuse(id, strerror(errno));
	if (pipe2(err, O_CLOEXEC)) {
		close(out[0]);
		close(out[1]);
		return refuse(id, strerror(errno));
	}
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(err[0], F_SETFL, O_NONBLOCK);
	job->pid = fork();
	if (job->pid == 0)
		run_child(words[0], words + 2, variables, words + 2 + variables, out[1], err[1]);
	close(out[1]);
	close(err[1]);
	if (job->pid < 0) {
		job->pid = 0;
		close(out[0]);
		close(err[0]);
		return refuse(id, strerror(errno));
	}
	job->id = id;
	job->pipe[0] = out[0];
	job->pipe[1] = err[0];
	send_u32(id, EV_STARTED, job->pid);
}

// Passes on what a pipe holds now, at most `budget` reads; closes it at its end.
static void forward(struct job *job, int which, int budget)
{
	static char data[32768];

	while (job->pipe[which] >= 0 && budget-- > 0) {
		ssize_t n = read(job->pipe[which], data, sizeof(data));

		if (n > 0) {
			send_event(job->id, which ? EV_STDERR : EV_STDOUT, data, n);
		} else if (n == 0) {
			close(job->pipe[which]);
			job->pipe[which] = -1;
		} else if (errno != EINTR) {
			return;
		}
	}
}

// A process that outlives its command loses its output: the command's end is the end of both pipes.
static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (int i = 0; i < MAX_JOBS; i++) {
			struct job *job = &jobs[i];

			if (job->pid != pid)
				continue;
			for (int which = 0; which < 2; which++) {
				forward(job, which, 1024);
				if (job->pipe[which] >= 0)
					close(job->pipe[which]);
			}
			send_u32(job->id, EV_EXIT, WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
			job->pid = 0;
		}
	}
}

static void signal_job(uint32_t id, int number)
{
	for (int i = 0; i < MAX_JOBS; i++)
		if (jobs[i].pid && jobs[i].id == id)
			kill(-jobs[i].pid, number);
}

static void power_off(void)
{
	kill(-1, SIGTERM);
	for (int i = 0; i < 100 && (waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD); i++)
		usleep(20000);
	kill(-1, SIGKILL);
	sync();
	reboot(RB_POWER_OFF);
}

static void handle(uint32_t id, uint32_t type, char *payload, uint32_t length)
{
	if (type == REQ_HELLO)
		send_event(id, EV_HELLO, "1", 1);
	else if (type == REQ_START)
		start(id, payload, length);
	else if (type == REQ_SIGNAL && length == 4)
		signal_job(id, get32((unsigned char *)payload));
	else if (type == REQ_POWEROFF)
		power_off();
}

static void receive(void)
{
	ssize_t n = read(port, in + in_length, sizeof(in) - 1 - in_length);

	if (n <= 0) {
		// The host hung up; the next one begins with a whole frame.
		if (n == 0 || errno != EINTR) {
			in_length = 0;
			usleep(10000);
		}
		return;
	}
	in_length += n;
	while (in_length >= 12) {
		uint32_t length = get32(in);
		unsigned char behind;

		if (length > MAX_PAYLOAD - 1) {
			in_length = 0;
			return;
		}
		if (in_length < 12 + length)
			return;
		behind = in[12 + length];
		in[12 + length] = 0;
		handle(get32(in + 4), get32(in + 8), (char *)in + 12, length);
		in[12 + length] = behind;
		in_length -= 12 + length;
		memmove(in, in + 12 + length, in_length);
	}
}

int main(void)
{
	struct sched_param priority = {.sched_priority = 50};
	struct pollfd fds[2 + 2 * MAX_JOBS];
	sigset_t mask;
	int signals;

	umask(022);
	setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("HOME", "/tmp", 1);
	setenv("LANG", "C.UTF-8", 1);
	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	signal(SIGPIPE, SIG_IGN);
	signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &priority) || mlockall(MCL_CURRENT | MCL_FUTURE))
		perror("agent: real-time class or locked memory");
	port = open_port();
	for (;;) {
		int count = 2;

		fds[0] = (struct pollfd){.fd = port, .events = POLLIN};
		fds[1] = (struct pollfd){.fd = signals, .events = POLLIN};
		for (int i = 0; i < MAX_JOBS; i++)
			for (int which = 0; which < 2; which++)
				if (jobs[i].pid && jobs[i].pipe[which] >= 0)
					fds[count++] = (struct pollfd){.fd = jobs[i].pipe[which], .events = POLLIN};
		if (poll(fds, count, -1) < 0)
			continue;
		for (int at = 2; at < count; at++)
			for (int i = 0; fds[at].revents && i < MAX_JOBS; i++)
				for (int which = 0; which < 2; which++)
					if (jobs[i].pid && jobs[i].pipe[which] == fds[at].fd)
						forward(&jobs[i], which, 1);
		if (fds[1].revents) {
			struct signalfd_siginfo info;

			while (read(signals, &info, sizeof(info)) > 0)
				;
			reap();
		}
		if (fds[0].revents)
			receive();
	}
}
