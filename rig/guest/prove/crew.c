// SPDX-License-Identifier: GPL-2.0
/*
 * Crew - several tasks that make random system calls on the files of a module
 *
 * A task works in rounds.  In each round it shares a lock, and opens and closes its
 * files.  The task that takes the lock exclusively knows that no file is open.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../calls/bench.h"
#include "../calls/task_rwlock.h"
#include "crew.h"
#include "ktap.h"
#include "ring.h"
#include "settings.h"
#include "task.h"

/* The compiler checks the arguments as those of printf(). */
#define APPEND_FORMAT	format(printf, 2, 3)

#define TASKS		TASK_RWLOCK_NR_PLACES
#define STEPS		64
#define TEXT		232
/* The seconds that a call may take, and the milliseconds between two looks. */
#define LIMIT		10
#define TICK		1000
/* The errnos from 512 to 517 are the kernel's own, as ERESTARTSYS. */
#define FIRST_OWN	512
#define LAST_OWN	517

/*
 * @pid: its process
 * @step: the number of its last step
 * @since: when its last call began, in milliseconds, or 0 if it makes none
 * @call: what the call is
 */
struct member {
	pid_t pid;
	unsigned long step;
	long since;
	char call[TEXT];
};

/* What the tasks share. */
struct crew {
	struct task_rwlock lock;
	sem_t begin;
	bool is_over;
	bool is_wrong;
	char wrong[2 * TEXT];
	struct member members[TASKS];
};

static struct crew *crew;
static const struct plan *plan;
static const struct entries *nodes;
static size_t own_nodes;
static bool only_looks;
static bool hangs;
/* The number of this task. */
static int self;
static struct bench bench;

bool crew_is_over(void)
{
	return __atomic_load_n(&crew->is_over, __ATOMIC_RELAXED);
}

/* Return true if a task has made a call that did not return. */
bool crew_hangs(void)
{
	return hangs;
}

/* Keep the first wrong result, and end the tasks. */
static void complain(const char *text)
{
	if (!__atomic_exchange_n(&crew->is_wrong, true, __ATOMIC_ACQ_REL))
		snprintf(crew->wrong, sizeof(crew->wrong), "task %d, step %lu: %s: %s",
			 self, crew->members[self].step, crew->members[self].call, text);
	__atomic_store_n(&crew->is_over, true, __ATOMIC_RELAXED);
}

/* Draw one of the module's own files more often than one that the kernel adds. */
static int draw_node(const struct bench *bench, struct prng *prng)
{
	const bool is_own = prng_below(prng, 4);

	(void)bench;
	return prng_below(prng, is_own && own_nodes ? own_nodes : nodes->count);
}

static int open_node(struct bench *bench, int node, int flags)
{
	(void)bench;
	return calls_ret(open(nodes->list[node]->path, flags | O_NOCTTY | O_CLOEXEC));
}

static void look(struct bench *bench, const char *call, long ret)
{
	(void)bench;
	if (ret == -ENOTRECOVERABLE && !strcmp(call, "fork"))
		complain("its child read more bytes than it asked for");
	else if (ret == -ENOTRECOVERABLE)
		complain("it returned more bytes than it was asked for");
	else if (ret <= -FIRST_OWN && ret >= -LAST_OWN)
		complain(error_text(-ret));
	crew->members[self].since = 0;
}

static pid_t peer(const struct bench *bench, unsigned long number)
{
	(void)bench;
	return crew->members[number % TASKS].pid;
}

static struct calls_ioctl draw_ioctl(const struct bench *bench, struct prng *prng)
{
	const __u64 number = prng_next(prng);

	(void)bench;
	if (!plan->ioctls)
		return (struct calls_ioctl){ };
	return (struct calls_ioctl){
		.cmd = plan->ioctl[number % plan->ioctls].request,
		.size = plan->ioctl[number % plan->ioctls].size,
	};
}

/* Draw a text that a parser of numbers or switches may understand, or none. */
static const char *draw_text(const struct bench *bench, int node, struct prng *prng)
{
	static const char * const general[] = {
		"0\n", "1\n", "-1\n", "on\n", "255\n", "65536\n", "4294967295\n",
		"-9223372036854775808\n", "18446744073709551616\n", "%s%n\n",
	};
	const size_t all = CALLS_NR(general) + plan->texts.count;
	const size_t i = prng_below(prng, 2 * all);

	(void)bench;
	(void)node;
	if (i < CALLS_NR(general))
		return general[i];
	return i < all ? plan->texts.list[i - CALLS_NR(general)] : NULL;
}

/* Append to the text of a call. */
__attribute__((APPEND_FORMAT))
static void append(struct member *member, const char *format, ...)
{
	const size_t length = strlen(member->call);
	va_list args;

	va_start(args, format);
	vsnprintf(member->call + length, sizeof(member->call) - length, format, args);
	va_end(args);
}

static void append_argument(struct member *member, const struct step *step, char arg)
{
	switch (arg) {
	case 'a':
		if (!memory_left(&bench.memory, step->addr))
			append(member, ", address %p", step->addr);
		break;
	case 'c':
		append(member, ", request %#lx", step->cmd);
		break;
	case 'f':
		append(member, ", flags %#o", open_flags(step));
		break;
	case 'l':
		append(member, ", %zu bytes", step->len);
		break;
	case 'n':
		append(member, ", %#lx", step->number);
		break;
	case 'o':
		append(member, ", at %ld", (long)step->offset);
		break;
	}
}

/* Write what a call is, before it is made. */
static void begin(struct bench *bench, const struct step *step)
{
	struct member *member = &crew->members[self];
	const bool is_open = !strcmp(step->call->name, "open");
	const int node = is_open ? step->node : bench->nodes[step->slot];
	const char *arg, *path = nodes->list[node]->path;

	if (!is_open && bench->slots[step->slot] < 0)
		path = "no file";
	*member->call = '\0';
	append(member, "%s(%s", step->call->name, path);
	for (arg = step->call->args; *arg; arg++)
		append_argument(member, step, *arg);
	append(member, ")");
	ring_add(self, member->step, member->call);
	member->since = now_ms();
}

static const struct bench_ops ops = {
	.draw_node = draw_node,
	.open = open_node,
	.look = look,
	.peer = peer,
	.ioctl = draw_ioctl,
	.text = draw_text,
	.begin = begin,
};

/* Make one call.  It depends only on the seed, the module, the task and the step. */
static void make_step(void)
{
	struct member *member = &crew->members[self];
	struct prng prng = prng_of_step(plan->seed, plan->name, self, ++member->step);
	char name[32];

	snprintf(name, sizeof(name), "%d#%lu", self, member->step);
	prctl(PR_SET_NAME, name);
	bench_step(&bench, only_looks, &prng);
}

/* The work of a task. */
static void work(void)
{
	int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (sem_wait(&crew->begin) && errno == EINTR)
		continue;
	if (bench_init(&bench, &ops, NULL) || calls_tick())
		_exit(1);
	while (!crew_is_over()) {
		task_rwlock_share(&crew->lock, self);
		for (i = 0; i < STEPS && !crew_is_over(); i++)
			make_step();
		bench_close(&bench);
		task_rwlock_unshare(&crew->lock, self);
	}
	_exit(0);
}

static const char *start_one(int number)
{
	const pid_t child = fork();

	if (child < 0)
		return because("fork: %s", error_text(errno));
	self = number;
	if (!child)
		work();
	crew->members[number].pid = child;
	return NULL;
}

/* Prepare the memory that the tasks share. */
static const char *prepare(void)
{
	crew = mmap(NULL, sizeof(*crew), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (crew == MAP_FAILED)
		return because("mmap: %s", error_text(errno));
	task_rwlock_init(&crew->lock);
	sem_init(&crew->begin, 1, 0);
	calls_catch();
	return NULL;
}

/*
 * Start the tasks, which make calls on the first @own of the nodes more often, and
 * only those that change nothing if @looks.  Return a reason, or NULL.
 */
const char *crew_start(const struct plan *of, const struct entries *all, size_t own,
		       bool looks)
{
	const char *reason = prepare();
	int i;

	plan = of;
	nodes = all;
	own_nodes = own;
	only_looks = looks;
	settings_change();
	ring_begin(plan->name);
	for (i = 0; !reason && i < TASKS; i++)
		reason = start_one(i);
	for (i = 0; !reason && i < TASKS; i++)
		sem_post(&crew->begin);
	return reason;
}

/* Return the reason why a task has ended, or NULL. */
static const char *look_at(int number)
{
	const struct member *member = &crew->members[number];
	siginfo_t info = { };

	if (waitid(P_PID, member->pid, &info, WEXITED | WNOHANG | WNOWAIT) ||
	    !info.si_pid)
		return NULL;
	if (info.si_code == CLD_EXITED)
		return info.si_status ? "a task could not begin" : NULL;
	return because("task %d, step %lu: %s: killed by SIG%s", number, member->step,
		       member->call, sigabbrev_np(info.si_status));
}

/* Return the reason if the call of a task does not return, or NULL. */
static const char *look_at_call(int number)
{
	const struct member *member = &crew->members[number];
	const long since = member->since;
	const int limit = slow(LIMIT);

	if (!since || now_ms() - since < limit * 1000L)
		return NULL;
	hangs = true;
	task_show_of(member->pid);
	return because("task %d, step %lu: %s has not returned after %d s", number,
		       member->step, member->call, limit);
}

/* Return a reason if a call went wrong, or a task has died or hangs. */
const char *crew_look(void)
{
	const char *reason = NULL;
	int i;

	if (crew->is_wrong)
		return crew->wrong;
	for (i = 0; !reason && i < TASKS; i++)
		reason = look_at(i) ?: look_at_call(i);
	return reason;
}

/* Wait for the end of a task; return a reason if it does not end. */
static const char *await_end(int number)
{
	const pid_t pid = crew->members[number].pid;
	struct pollfd end = { .events = POLLIN };
	const char *reason = NULL;

	if (!pid)
		return NULL;
	end.fd = syscall(SYS_pidfd_open, pid, 0);
	while (!reason && poll(&end, 1, TICK) <= 0)
		reason = look_at_call(number);
	close(end.fd);
	if (!reason) {
		reason = look_at(number);
		waitpid(pid, NULL, 0);
		crew->members[number].pid = 0;
	}
	return reason;
}

/* End the tasks; return a reason if a call of one went wrong. */
const char *crew_stop(void)
{
	const char *reason = hangs ? NULL : crew_look();
	int i;

	__atomic_store_n(&crew->is_over, true, __ATOMIC_RELAXED);
	for (i = 0; i < TASKS && !hangs; i++) {
		const char *last = await_end(i);

		reason = reason ?: last;
	}
	for (i = 0; i < TASKS; i++)
		if (crew->members[i].pid)
			kill(crew->members[i].pid, SIGKILL);
	ring_end();
	settings_restore();
	return reason;
}

/* Return the number of calls that all tasks have made. */
unsigned long crew_steps(void)
{
	unsigned long steps = 0;
	int i;

	for (i = 0; i < TASKS; i++)
		steps += crew->members[i].step;
	return steps;
}

/* Wait until no task has a file open; return 0 or an errno. */
int crew_await_closed(void)
{
	return -task_rwlock_take(&crew->lock, slow(LIMIT));
}

/* Let the tasks open files again. */
void crew_go_on(void)
{
	task_rwlock_give(&crew->lock, TASKS);
}
