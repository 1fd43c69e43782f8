#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Gdb - boot a guest under gdb, and stop where a module's init begins

    rig/gdb.py DIR [--kernel NAME] [--module NAME] [--break FUNCTION]...
               [--batch FILE]
    rig/gdb.py DIR --shell

rig/modproof runs this.  QEMU's stub for gdb, the guest's shell and its port for
rig/guest/gdb are sockets and pipes in the output directory.  The shell's other
end is "modproof gdb DIR --shell" in another terminal.  The exit status is 0, 1 if
the module does not load or a command of FILE fails, or as rig/check.py has it.
"""

import argparse
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import termios
import threading
import tty
from pathlib import Path
from typing import NoReturn

import build
import check
import common
import project
import results
import vm
from common import die

KERNEL = "stock-6.12"
# The members whose places in their structures gdb must know.
MEMBERS = {
    "name": "module",
    "kallsyms": "module",
    "init": "module",
    "symtab": "mod_kallsyms",
    "num_symtab": "mod_kallsyms",
}
READY = re.compile(r"modproof: ready (\w+)$")
FAILED = re.compile(r"modproof: (insmod failed: .*)$")
# The key that ends the shell's terminal: Ctrl-].
LEAVE = b"\x1d"
# Settings of gdb, without which it asks questions, and prints each stop.
SETTINGS = [
    *("confirm off", "breakpoint pending on", "architecture i386:x86-64"),
    "suppress-cli-notifications on",
]


def run_dir() -> Path:
    """Return the directory with the sockets."""
    return results.build_dir() / "gdb"


def offsets(path: Path) -> dict[str, int]:
    """Return the places of the members, as the module's debug information has them."""
    words = []
    for member, structure in MEMBERS.items():
        words += [
            "-ex",
            f'printf "%d\\n", (long)&((struct {structure} *)0)->{member}',
        ]
    done = subprocess.run(
        ["gdb", "-nx", "-batch", *words, path],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    values = re.findall(r"^\d+$", done.stdout, re.M)
    if len(values) != len(MEMBERS):
        raise check.RigError(
            f"gdb does not find struct module in {path}: {done.stderr.strip()}"
        )
    return dict(zip(MEMBERS, map(int, values)))


def chosen(modules: list[build.Module], name: str | None) -> build.Module:
    """Return the module to debug; exit if it is not clear which."""
    names = [module.name for module in modules]
    if name is None and len(names) == 1:
        return modules[0]
    for module in modules:
        if name and module.name == name.replace("-", "_"):
            return module
    what = f'is no module "{name}"' if name else "are several modules"
    die(f"there {what}: name one with --module, of {', '.join(names)}", 2)


def kernel_symbols(kernel: vm.Kernel) -> Path | None:
    """Return the kernel's vmlinux with symbols, or print what is missing."""
    path = kernel.path / "headers/vmlinux"
    # Debian's headers have one with only the names of types.
    done = subprocess.run(["nm", path], capture_output=True, check=False)
    if b" do_init_module\n" in done.stdout:
        return path
    check.say(
        f"{kernel.path.name} has no vmlinux with symbols, so gdb does not name "
        "the kernel's functions; debug-6.12 has one"
    )
    return None


class Guest:
    """A guest whose shell and gdb stub are sockets, and whose port is a pipe."""

    def __init__(self, kernel: vm.Kernel, module: build.Module) -> None:
        self.said = run_dir() / "said"
        self.said.write_text("")
        self.debugger: subprocess.Popen[bytes] | None = None
        if kernel.board.is_foreign():
            die(
                f"gdb knows guests of this machine's architecture only, and the "
                f"kernel {kernel.path.name} is for {kernel.board.name}: use "
                "stock-6.12, for example"
            )
        accel, _ = vm.accelerator(kernel)
        words = [
            "nokaslr",
            "quiet",
            f"rig.gdb={kernel.work}/plans/{module.name}",
        ]
        words.append(f"rig.sources={check.work_dir(kernel) / 'src'}")
        words.append(f"rig.headers={(kernel.path / 'headers').resolve()}")
        shell = "socket,id=shell,server=on,wait=off,path=shell"
        # A socket has a short path, so it is relative.
        self.process = subprocess.Popen(
            [
                *vm.command_line(kernel, accel, words),
                *("-chardev", f"{shell},logfile=console.log"),
                *("-serial", "chardev:shell", "-serial", "stdio"),
                *("-chardev", "socket,id=gdb,server=on,wait=off,path=gdb"),
                *("-gdb", "chardev:gdb"),
            ],
            cwd=run_dir(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,
        )
        assert self.process.stdin and self.process.stdout
        self.port = self.process.stdin
        self.lines = self.process.stdout

    def address(self) -> int:
        """Wait until the guest is ready; return where init is called."""
        for line in self.lines:
            ready = READY.search(line.decode(errors="replace").strip())
            if ready and ready[1] != "none":
                return int(ready[1], 16)
            if ready:
                raise check.RigError("the kernel has no do_init_module()")
        raise check.RigError(
            f"the guest ended before the module: see {run_dir()}/console.log"
        )

    def listen(self) -> None:
        """Interrupt gdb if the module does not load."""
        for line in self.lines:
            failed = FAILED.search(line.decode(errors="replace").strip())
            if failed and self.debugger:
                self.said.write_text(failed[1])
                self.debugger.send_signal(signal.SIGINT)

    def end(self) -> None:
        """End the guest, and remove its sockets."""
        self.process.kill()
        self.process.wait()
        for name in ("shell", "gdb"):
            (run_dir() / name).unlink(missing_ok=True)


def foreground(group: int) -> None:
    """Make a process group the terminal's, which gets its Ctrl-C."""
    if sys.stdin.isatty():
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(sys.stdin.fileno(), group)


def debug(guest: Guest, known: Path, vmlinux: Path | None, batch: str) -> int:
    """Run gdb; return its exit status."""
    words = ["-batch"] if batch else []
    scripts = [str(check.HERE / "gdb_init.py"), *([batch] if batch else [])]
    process = subprocess.Popen(
        [
            *("gdb", "-q", *words, *([str(vmlinux)] if vmlinux else [])),
            *(word for script in scripts for word in ("-x", script)),
        ],
        cwd=run_dir(),
        env=os.environ | {"MODPROOF_GDB": str(known)},
        stdin=subprocess.DEVNULL if batch else None,
        pass_fds=[guest.port.fileno()],
        process_group=0,
    )
    guest.debugger = process
    foreground(process.pid)
    threading.Thread(target=guest.listen, daemon=True).start()
    status = process.wait()
    foreground(os.getpgrp())
    return 1 if status else 0


def attach(directory: str) -> NoReturn:
    """Connect this terminal with the shell of the guest that gdb has."""
    if not sys.stdin.isatty():
        die("the shell needs a terminal: type this in one", 2)
    connection = socket.socket(socket.AF_UNIX)
    try:
        os.chdir(run_dir())
        connection.connect("shell")
    except OSError:
        die(
            f'no gdb runs for this module: type "modproof gdb {directory}" in '
            "another terminal",
            2,
        )
    print("The guest's shell; Ctrl-] leaves it.", flush=True)
    saved = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        connection.sendall(b"\n")
        pass_on(connection)
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, saved)
    sys.exit(0)


def pass_on(connection: socket.socket) -> None:
    """Pass bytes between the terminal and the guest until one ends."""
    while True:
        ready, _, _ = select.select([0, connection], [], [])
        if connection in ready:
            data = connection.recv(4096)
            if not data:
                return
            os.write(1, data)
        if 0 in ready:
            typed = os.read(0, 4096)
            if not typed or LEAVE in typed:
                return
            connection.sendall(typed)


def prepare(
    found: project.Project, args: argparse.Namespace
) -> tuple[vm.Kernel, build.Module]:
    """Build the modules, and lay them out for a guest."""
    check.need_programs("gdb")
    kernel = check.prepare(found, args.kernel)
    built = check.build_for(found, kernel)
    if built.status != build.OK:
        print("\n".join([built.reason, *built.lines]), file=sys.stderr)
        sys.exit(check.EXIT_FAILED)
    module = chosen(built.modules, args.module)
    check.stage(kernel, built.staged())
    return kernel, module


def session(found: project.Project, args: argparse.Namespace) -> int:
    """Boot the guest, and run gdb; return the exit status."""
    kernel, module = prepare(found, args)
    vmlinux = kernel_symbols(kernel)
    shutil.rmtree(run_dir(), ignore_errors=True)
    run_dir().mkdir(parents=True)
    known = run_dir() / "known.json"
    source = check.work_dir(kernel) / "src"
    check.say(f"{kernel.path.name}: booting, until {module.name} is loaded")
    guest = Guest(kernel, module)
    try:
        about = {
            "rig": str(check.HERE),
            "address": guest.address(),
            "module": module.name,
            "loaded": str(kernel.work / "modules/updates" / module.path.name),
            "object": str(module.path),
            "offsets": offsets(module.path),
            "socket": "gdb",
            "said": str(guest.said),
            "port": guest.port.fileno(),
            "breaks": args.breaks,
            "is_batch": bool(args.batch),
            "settings": [
                *SETTINGS,
                f"substitute-path {source} {found.root}",
                *(["pagination off"] if args.batch else []),
            ],
        }
        known.write_text(json.dumps(about))
        if not args.batch:
            check.say(
                'after "continue", the guest\'s shell is in another terminal: '
                f'type "modproof gdb {args.directory} --shell" there'
            )
        return debug(guest, known, vmlinux, args.batch)
    finally:
        guest.end()


def main() -> int:
    """Debug a module of the project in the arguments."""
    parser = argparse.ArgumentParser(prog="modproof gdb")
    parser.add_argument("directory")
    parser.add_argument("--kernel", default=KERNEL)
    parser.add_argument("--module")
    parser.add_argument("--break", dest="breaks", action="append", default=[])
    parser.add_argument("--batch", default="")
    parser.add_argument("--shell", action="store_true")
    args = parser.parse_args()
    if args.shell:
        attach(args.directory)
    if not args.batch and not sys.stdin.isatty():
        die(
            'gdb needs a terminal: type "modproof gdb" in one, or name a file '
            "with gdb's commands with --batch",
            2,
        )
    try:
        return session(project.find(Path(args.directory)), args)
    except check.RigError as error:
        die(f"the rig failed: {error}", check.EXIT_RIG)


if __name__ == "__main__":
    common.run(main)
