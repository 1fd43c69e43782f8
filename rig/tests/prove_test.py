# SPDX-License-Identifier: GPL-2.0
"""Tests of what rig/guest/prove does without loading a module"""

import os
import shutil
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

import ktap
from tests.base import HERE, WORK

SOURCES = HERE / "guest/prove"
# What a test replaces, since it loads no module and makes no device.
WRAPPED = (
    *("mknod", "module_load", "module_unload", "now_ms", "settings_change"),
    *("settings_restore", "unlink"),
)
FLAGS = ["-O2", "-static", "-Wall", "-Wextra", "-Werror"]
# A program that calls the function that its first argument names.
CALLER = r"""
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "command.h"
#include "crew.h"
#include "devices.h"
#include "ktap.h"
#include "nodes.h"
#include "plan.h"
#include "taint.h"
#include "task.h"
#include "trial.h"

static void work(const void *data)
{
	task_begins("call", 1);
	if (!strcmp(data, "hang"))
		pause();
	if (!strcmp(data, "die"))
		raise(SIGSEGV);
}

/*
 * Files whose names begin with "wrong" return more bytes than were asked for, and
 * those whose names begin with "stuck" do not return.
 */
ssize_t read(int fd, void *buffer, size_t size)
{
	const ssize_t ret = syscall(SYS_read, fd, buffer, size);
	char link[32], path[4096] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (readlink(link, path, sizeof(path) - 1) > 0 && strstr(path, "/wrong"))
		return (unsigned int)-11;
	while (strstr(path, "/stuck"))
		pause();
	return ret;
}

static struct entries entries_of(char *paths[])
{
	struct entries all = { };

	for (; *paths; paths++) {
		struct entry *entry = calloc(1, sizeof(*entry) + strlen(*paths) + 1);

		entry->type = DT_REG;
		strcpy(entry->path, *paths);
		entries_add(&all, entry);
	}
	return all;
}

static const char *nodes(char *paths[])
{
	struct entries all = entries_of(paths);

	return nodes_use(&all);
}

/* Print the files on which tasks may make calls. */
static const char *choose(char *argv[])
{
	struct entries all = entries_of(argv + 1), nodes = { };
	size_t i, own = nodes_choose(&all, &nodes, !strcmp(*argv, "looks"));

	for (i = 0; i < nodes.count; i++)
		printf("%s%s ", i < own ? "own:" : "", nodes.list[i]->path);
	return "";
}

/* No settings of this machine are changed. */
void __wrap_settings_change(void)
{
}

void __wrap_settings_restore(void)
{
}

/* Let tasks read files until a call goes wrong, or for a while. */
static const char *crew(char *paths[])
{
	const struct plan plan = { .name = "foo", .seed = 1 };
	struct entries all = entries_of(paths);
	const char *reason = crew_start(&plan, &all, all.count, true);
	const long end = now_ms() + 5000;

	while (!reason && crew_steps() < 2000 && now_ms() < end) {
		sleep_ms(10);
		reason = crew_look();
	}
	reason = crew_stop() ?: reason;
	printf("%s calls|", crew_steps() < 2000 ? "few" : "many");
	return reason;
}

/* The time that a load takes, which passes at once. */
static long passed;

long __real_now_ms(void);

long __wrap_now_ms(void)
{
	return __real_now_ms() + passed;
}

int __wrap_module_load(const struct plan *plan, size_t number)
{
	task_begins("init", number);
	passed += atoi(plan->parameters);
	return 0;
}

int __wrap_module_unload(const char *name, size_t number)
{
	task_begins("exit", number);
	return name ? 0 : EINVAL;
}

int __wrap_mknod(const char *path, mode_t mode, dev_t dev)
{
	printf("mknod %s %o %u %u\n", path, mode, major(dev), minor(dev));
	return 0;
}

int __wrap_unlink(const char *path)
{
	printf("unlink %s\n", path);
	return 0;
}

/* Make nodes for the devices of the second file that the first does not have. */
static const char *devices(char *files[])
{
	struct entries added = { };
	size_t i;

	devices_remember(files[0]);
	devices_make(files[1], &added);
	for (i = 0; i < added.count; i++)
		printf("added %s\n", added.list[i]->path);
	devices_remove();
	return "";
}

static const char *reload(char *milliseconds)
{
	const struct plan plan = { .name = "foo", .parameters = milliseconds,
				   .loads = 20 };
	int loads = 1;
	const char *reason = trial_reload(&plan, &loads);

	printf("%d|", loads);
	return reason;
}

static const char *plan(char *argv[])
{
	struct plan plan;
	const char *reason = plan_read(&plan, argv[0], argv[1]);
	size_t i;

	if (reason)
		return reason;
	printf("%s|%s|%s|%d", plan.file, plan.parameters, plan.use, plan.loads);
	for (i = 0; i < plan.needs.count; i++)
		printf("|%s", plan.needs.list[i]);
	for (i = 0; i < plan.ioctls; i++)
		printf("|%#lx %zu", plan.ioctl[i].request, plan.ioctl[i].size);
	for (i = 0; i < plan.texts.count; i++)
		printf("|%s", plan.texts.list[i]);
	if (plan.seconds)
		printf("|%d s, %lu", plan.seconds, plan.seed);
	return "";
}

int main(int argc, char *argv[])
{
	const char *what = argc > 1 ? argv[1] : "", *reason = "";

	task_init();
	if (!strcmp(what, "plan"))
		reason = plan(argv + 2);
	if (!strcmp(what, "nodes"))
		reason = nodes(argv + 2);
	if (!strcmp(what, "choose"))
		reason = choose(argv + 2);
	if (!strcmp(what, "crew"))
		reason = crew(argv + 2);
	if (!strcmp(what, "devices"))
		reason = devices(argv + 2);
	if (!strcmp(what, "reload"))
		reason = reload(argv[2]);
	if (!strcmp(what, "error"))
		reason = error_text(atoi(argv[2]));
	if (!strcmp(what, "taint"))
		reason = taint_reason(strtoul(argv[2], NULL, 0));
	if (!strcmp(what, "task")) {
		reason = task_run(work, argv[2], 1);
		if (task_hangs())
			task_kill();
	}
	if (!strcmp(what, "command"))
		reason = command_run(argv + 2, 1, command_note);
	if (!strcmp(what, "result")) {
		ktap_begin("name", 1);
		ktap_note("%s", argv[2]);
		ktap_result("step", argv[2]);
		ktap_end();
	}
	fputs(reason ? reason : "passed", stdout);
	return 0;
}
"""


class ProveTest(unittest.TestCase):
    """The program, and another one that calls its functions."""

    scratch: Path

    @classmethod
    def setUpClass(cls):
        cls.scratch = Path(tempfile.mkdtemp(prefix="rig-", dir=WORK))
        cls.addClassCleanup(shutil.rmtree, cls.scratch)
        caller = cls.scratch / "caller.c"
        caller.write_text(CALLER)
        parts = [p for p in SOURCES.glob("*.c") if p.name != "prove.c"]
        for name, sources in {
            "prove": SOURCES.glob("*.c"),
            "caller": [caller, *parts],
        }.items():
            command: list[str | Path] = [
                "gcc",
                *FLAGS,
                f"-I{SOURCES}",
                *sources,
            ]
            if name == "caller":
                command += [f"-Wl,--wrap={symbol}" for symbol in WRAPPED]
            subprocess.run([*command, "-o", cls.scratch / name], check=True)

    def call(self, *args):
        done = subprocess.run(
            [self.scratch / "caller", *args],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    def plan(self, text):
        (self.scratch / "module").write_text(text)
        return self.call("plan", self.scratch, "module")

    def test_machine_that_is_not_a_guest_is_left_alone(self):
        done = subprocess.run(
            [self.scratch / "prove", self.scratch, "module"],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(
            (2, "", "prove: this is not a guest of the rig\n"),
            (done.returncode, done.stdout, done.stderr),
        )

    def test_plan_is_read(self):
        self.assertEqual(
            '/m.ko|a=1 b="c d"|cat /dev/m|3|one|two',
            self.plan(
                'file /m.ko\nneeds one\nneeds two\nparameters a=1 b="c d"\n'
                "use cat /dev/m\n\nloads 3\n"
            ),
        )

    def test_plan_has_defaults(self):
        self.assertEqual("/m.ko||(null)|20", self.plan("file /m.ko"))

    def test_plan_of_a_fuzz_is_read(self):
        self.assertEqual(
            "/m.ko||(null)|20|0x40044301 4|0x2 0|a b|60 s, 7",
            self.plan(
                "file /m.ko\nseed 7\nseconds 60\nioctl 0x40044301 4\n"
                "ioctl 2 0\ntext a b\n"
            ),
        )

    def test_files_that_are_fuzzed_are_the_modules_own_first(self):
        files = [
            *("/sys/class/foo/a", "/dev/foo", "/dev/watchdog0"),
            *("/sys/module/foo/refcnt", "/sys/module/foo/parameters/n"),
            "/sys/module/foo/sections/.text",
        ]
        self.assertEqual(
            "own:/dev/foo /sys/class/foo/a /sys/module/foo/parameters/n ",
            self.call("choose", "all", *files),
        )
        self.assertIn(
            " /sys/module/foo/refcnt ", self.call("choose", "looks", *files)
        )

    def test_tasks_read_files_at_once(self):
        path = self.scratch / "read"
        path.write_text("abc" * 1000)
        self.assertEqual("many calls|passed", self.call("crew", path))

    def test_task_whose_read_returns_too_much_is_noticed(self):
        path = self.scratch / "wrong"
        path.write_text("abc")
        self.assertRegex(
            self.call("crew", path),
            rf"^few calls\|task \d, step \d+: (read\({path}, .*\d+ bytes\): it "
            rf"returned more bytes than it was asked for|fork\({path}\): its "
            "child read more bytes than it asked for)$",
        )

    def test_mistake_in_a_plan_is_named(self):
        for text, mistake in (
            ("", "there is no file"),
            ("file \n", '"file" has no value'),
            ("file /m.ko\nload 3\n", '"load" is not a key of a plan'),
            ("file /m.ko\nloads 3x\n", 'loads "3x" is not a number'),
            ("file /m.ko\nseconds -1\n", 'seconds "-1" is not a number'),
            ("file /m.ko\nioctl 0x1\n", 'ioctl "0x1" has no size'),
            ("file /m.ko\nioctl 1g 4\n", 'ioctl "1g" is not a number'),
        ):
            with self.subTest(text):
                self.assertEqual(
                    f"the plan of module: {mistake}", self.plan(text)
                )

    def test_plan_that_is_not_there_is_named(self):
        self.assertEqual(
            "the plan of none: ENOENT: No such file or directory",
            self.call("plan", self.scratch, "none"),
        )

    def test_taint_of_any_foreign_module_is_harmless(self):
        self.assertEqual("passed", self.call("taint", "0x43401"))

    def test_taint_is_named(self):
        self.assertEqual(
            "F: module was force loaded; W: kernel issued warning",
            self.call("taint", "0x202"),
        )

    def test_module_is_loaded_again(self):
        said = self.call("reload", "10")
        self.assertRegex(said, r"^    # 20 loads in \d+ ms\n21\|passed$")

    def test_module_that_loads_slowly_is_loaded_less_often(self):
        said = self.call("reload", "25000")
        self.assertRegex(said, r"^    # 3 of 20 loads, in \d+ ms\n4\|passed$")

    def test_device_without_a_node_gets_one(self):
        """Block devices have theirs from the kernel."""
        before = "Character devices:\n  1 mem\n\nBlock devices:\n"
        (self.scratch / "before").write_text(before + "  8 sd\n")
        after = before.replace("mem\n", "mem\n240 foo/bar\n241 mem\n")
        (self.scratch / "after").write_text(after + "  8 sd\n250 blk\n")
        files = [self.scratch / name for name in ("before", "after")]
        self.assertEqual(
            self.call("devices", *files).splitlines(),
            [
                "mknod /dev/foo!bar 20600 240 0",
                "    # /dev/foo!bar: made for the device 240:0",
                "mknod /dev/mem 20600 241 0",
                "    # /dev/mem: made for the device 241:0",
                "added /dev/foo!bar",
                "added /dev/mem",
                "unlink /dev/foo!bar",
                "unlink /dev/mem",
            ],
        )

    def test_errno_is_named(self):
        for number, text in (
            (19, "ENODEV: No such device"),
            (517, "EPROBE_DEFER: a device that it needs is not there"),
            (524, "ENOTSUPP: an error that only the kernel knows"),
            (511, "error 511: Unknown error 511"),
        ):
            self.assertEqual(text, self.call("error", str(number)))

    def test_child_that_returns_passes(self):
        self.assertEqual("passed", self.call("task", "return"))

    def test_child_that_hangs_is_noticed(self):
        self.assertEqual(
            "call has not returned after 1 s", self.call("task", "hang")
        )

    def test_child_that_dies_is_noticed(self):
        self.assertEqual("call: killed by SIGSEGV", self.call("task", "die"))

    def test_output_of_a_command_becomes_diagnostics(self):
        self.assertEqual(
            "    # one\n    # two\nexit status 3",
            self.call("command", "sh", "-c", "echo one; printf two; exit 3"),
        )

    def test_command_that_hangs_is_ended(self):
        self.assertEqual(
            "it has not ended after 1 s", self.call("command", "sleep", "60")
        )

    def test_command_ends_although_another_one_keeps_its_output(self):
        self.assertEqual(
            "passed", self.call("command", "sh", "-c", "sleep 3 &")
        )

    def test_command_that_is_not_there_is_named(self):
        self.assertEqual(
            "no-such: ENOENT: No such file or directory",
            self.call("command", "no-such"),
        )

    def test_read_that_returns_more_than_was_asked_for_fails(self):
        paths = [self.scratch / name for name in ("wrong", "wrong2", "right")]
        for path in paths:
            path.write_text("abc")
        said = self.call("nodes", *paths)
        wrong = (
            "read returned 4294967285, which is more than the 4096 bytes "
            "that were asked for"
        )
        self.assertIn(f"# {paths[1]}: {wrong}", said)
        self.assertIn(f"# {paths[2]}: read 3 bytes", said)
        self.assertTrue(said.endswith(f"{paths[0]}: {wrong}"), said)

    def test_read_that_hangs_ignores_o_nonblock(self):
        path = self.scratch / "stuck"
        path.write_text("abc")
        self.assertRegex(
            self.call("nodes", path),
            f"{path}: read has not returned after [0-9]+ s, although the file "
            "was opened with O_NONBLOCK$",
        )

    def test_data_that_comes_late_is_read(self):
        path = self.scratch / "fifo"
        os.mkfifo(path)
        fifo = os.open(path, os.O_RDWR)
        self.addCleanup(os.close, fifo)
        writer = threading.Timer(0.2, os.write, (fifo, b"abc"))
        writer.start()
        self.addCleanup(writer.join)
        said = self.call("nodes", path)
        self.assertEqual(said, f"    # {path}: read 3 bytes\npassed")

    def test_device_without_data_is_not_waited_for_long(self):
        path = self.scratch / "empty"
        os.mkfifo(path)
        fifo = os.open(path, os.O_RDWR)
        self.addCleanup(os.close, fifo)
        said = self.call("nodes", path)
        self.assertEqual(said, f"    # {path}: read: EAGAIN\npassed")

    def test_result_stays_in_its_line_and_fails(self):
        document = self.call("result", "a\n# skip \x01")
        root = ktap.read(f"KTAP version 1\n1..1\n{document}")
        module = root.children[0]
        step = module.children[0]
        self.assertEqual(("fail", "fail"), (module.status, step.status))
        self.assertEqual(r"a\n\x23 skip \x01", step.reason)
        self.assertEqual([r"    # a\n# skip \x01"], step.diagnostics)
