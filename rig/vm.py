#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""VM - run a job in QEMU guests, and judge its results

    rig/vm.py run KERNEL RUN [--limit S] [--time S] [--cpus N]
                [--areas NAMES] [--show] [--icount] [--plugin PLUGIN]
                [MACHINE] -- COMMAND [ARGUMENT...]
    rig/vm.py shell KERNEL [MACHINE] [--sources DIR]

KERNEL is a directory as rig/kernel makes it.  rig/stage must have put the
project's modules below build/vm/KERNEL/.  COMMAND is the job.
The program writes the results to the directory RUN.  The guest's root
directory is the host's, below a writable layer in memory.  QEMU writes the
guest's console to a file.  The job writes a KTAP document to a second serial
port; the guest's last line there is the verdict, which has the job's exit
status.

A guest that prints nothing for --limit seconds has hung.  If the kernel has
lockdep or KCSAN, which make it slow, this timeout is ten times as long.
--time is how long the job is to run, which is added to the timeout.  These are
seconds of the guest's own time, which passes more slowly on a busy host; see
pace.py.

MACHINE is any of --memory SIZE, --word WORD, which is a boot parameter,
--device DEVICE, which is an option of QEMU, and --firmware DIR, with which the
guest boots by UEFI; DIR is as rig/secure-boot makes it.  --word and --device
may be repeated.

--icount makes the time stamp counter of a guest with one processor count the
instructions that the guest executes, so that a figure depends neither on the
host's speed nor on its load.  --plugin is the value of QEMU's -plugin.

--areas names the areas, units of the job's work that several guests share.
Only the first guest has more than one processor.  It takes areas from the
front of the list, and the other guests take them from the back.
"""

import argparse
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import boards
import first_error
import results
import snapshot
from common import die
from fragment import fragment
from guest_pool import Document, Guest, serve
from project import Config

HERE = Path(__file__).resolve().parent
# The configuration that a kernel needs to boot a guest, and the modules of
# those of its symbols that may be "m".
BOOT_CONFIG = HERE / "configs/boot.config"
BOOT_MODULES = {
    "VIRTIO_PCI": "virtio_pci",
    "NET_9P_VIRTIO": "9pnet_virtio",
    "9P_FS": "9p",
    "OVERLAY_FS": "overlay",
    "VIRTIO_CONSOLE": "virtio_console",
}
# The programs that decompress a module, by the suffix of its file.
UNPACKERS = {".gz": "gzip", ".xz": "xz", ".zst": "zstd"}
# The programs that decompress a kernel's image, by the first bytes of the
# compressed data.
IMAGE_UNPACKERS = {
    b"\x28\xb5\x2f\xfd": ("zstd", "-dcq"),
    b"\xfd7zXZ\0": ("xz", "-dcq", "--single-stream"),
    b"\x1f\x8b\x08": ("gzip", "-dcq"),
    b"\x02\x21\x4c\x18": ("lz4", "-dcq"),
    b"BZh": ("bzip2", "-dcq"),
}
# The frequency of a time stamp counter that counts instructions: with
# "-icount shift=0", QEMU lets an instruction take one nanosecond.
ICOUNT_KHZ = 1000000
# How QEMU runs a guest, by the name of its accelerator.
HOW = {
    "kvm": "on this CPU, by KVM",
    "tcg": "on a CPU that QEMU emulates, by TCG",
}
# The default number of seconds for which a guest may print nothing.
LIMIT = 120
# An oops of a guest by an int3 instruction.  The group is the byte that was in
# memory at this place when the kernel printed the oops.
INT3 = re.compile(
    r"^[^\n]*\bint3: \d+ \[#1\].*?Code: [^<]*\b([0-9a-f]{2}) <", re.S | re.M
)


@dataclass
class Machine:
    """The user's options for a guest.

    @memory is the value of QEMU's -m, @words are more boot parameters, and
    @devices are the values of QEMU's -device.  @icount is true if the time
    stamp counter is to count instructions.  @plugin is the value of QEMU's
    -plugin, or empty.  @firmware is a directory as rig/secure-boot makes it, or
    empty.
    """

    memory: str = "1G"
    words: list[str] = field(default_factory=list)
    devices: list[str] = field(default_factory=list)
    icount: bool = False
    plugin: str = ""
    firmware: str = ""


@dataclass
class Start:
    """How to start a guest: QEMU's command line.

    @handshake is for a guest that is restored from a snapshot, or saved; see
    snapshot.py.  @booted is the command line that boots the same guest without
    it.
    """

    command: list[str]
    handshake: snapshot.Handshake | None = None
    booted: list[str] = field(default_factory=list)

    def again(self) -> "Start":
        """Return how to start the guest once more after it has failed."""
        return Start(self.booted or self.command)


class Kernel:
    """A kernel's directory, and the files that a guest with it needs.

    These files are in @work, the directory build/vm/KERNEL.
    """

    def __init__(self, path: str | Path) -> None:
        self.machine = Machine()
        self.path = Path(path).resolve()
        self.board = boards.board_of(self.path)
        self.release = (self.path / "release").read_text().strip()
        self.work = results.build_dir() / "vm" / self.path.name
        self.modules = (self.path / "lib/modules" / self.release).resolve()

    def config(self) -> dict[str, str]:
        """Return the symbols that the configuration sets to y or m."""
        text = (self.path / "config").read_text()
        return dict(re.findall(r"^CONFIG_(\w+)=([ym])$", text, re.M))

    def symbols(self) -> set[str]:
        """Return the names of the symbols that config() returns."""
        return set(self.config())

    def need_boot_symbols(self) -> None:
        """Exit with an error if the kernel cannot boot a guest.

        It must have an image, and the symbols of BOOT_CONFIG.
        """
        wanted = re.findall(r"^CONFIG_(\w+)=y$", BOOT_CONFIG.read_text(), re.M)
        wanted = [self.board.instead.get(symbol, symbol) for symbol in wanted]
        lacking = [s for s in wanted if s not in self.symbols()]
        if lacking:
            die(
                f"the kernel {self.release} cannot boot a guest, because it lacks "
                f"{' '.join(lacking)}: use another KERNEL= or KDIR=, or set "
                f"what {BOOT_CONFIG.parent.name}/{BOOT_CONFIG.name} sets"
            )
        if not (self.path / "vmlinuz").exists():
            why = self.path / "no-image"
            told = why.read_text() if why.exists() else f"see {self.path}"
            die(f"the kernel {self.release} has no image: {told}")

    def slowness(self) -> int:
        """Return the factor by which the kernel's own checkers slow it down.

        Tests that also run without the rig, as in a kernel tree, need the
        same number for their timeouts.
        """
        return 10 if self.symbols() & {"LOCKDEP", "KCSAN"} else 1

    def image(self) -> Path:
        """Return the path of the kernel's image.

        Unpack the image if the kernel has PVH, by which QEMU can boot an
        unpacked image.  Under emulation a kernel takes more than a second to
        unpack itself.  UEFI boots only the image that it can verify.
        """
        if self.machine.firmware:
            return Path(self.machine.firmware) / "vmlinuz"
        packed = (self.path / "vmlinuz").resolve()
        if "PVH" not in self.symbols():
            return packed
        image = self.work / "vmlinux"
        # Compare the time of "release" too: the image from a package has the
        # time at which it was packed, but "release" that of the download.
        sources = [packed, self.path / "release"]
        if image.exists() and all(
            source.stat().st_mtime <= image.stat().st_mtime
            for source in sources
        ):
            return image
        whole = unpack_image(packed.read_bytes())
        if not whole:
            return packed
        self.work.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.work, delete=False) as out:
            out.write(whole)
        os.rename(out.name, image)
        return image

    def boot_modules(self, where: Path) -> list[str]:
        """Copy the modules that init needs to mount the root to @where.

        Return their file names in the order in which init must load them.
        This does not use modprobe, because it would apply the configuration of
        this machine, and does not find a module that depmod here cannot read.
        """
        files = {
            module_name(path): path
            for path in self.modules.rglob("*.ko*")
            if path.suffix in (".ko", *UNPACKERS)
        }
        order: list[str] = []

        def add(name: str) -> None:
            if name not in files:
                die(
                    f"the module {name}, which the kernel {self.release} needs "
                    f"to boot a guest, is not in {self.modules}: run "
                    "modules_install for that kernel"
                )
            copy = unpack(files[name], where)
            for needed in depends(copy):
                if needed not in order:
                    add(needed)
            order.append(name)

        config = self.config()
        modules = dict(BOOT_MODULES)
        if not self.board.is_foreign():
            del modules["VIRTIO_CONSOLE"]
        for symbol, name in modules.items():
            if config.get(symbol) == "m" and name not in order:
                add(name)
        return [f"{name}.ko" for name in order]

    def root(self) -> Path | None:
        """Return the directory with the programs of another architecture.

        Return None if the guest runs the host's.
        """
        return self.path / "root" if self.board.is_foreign() else None

    def busybox(self) -> str | None:
        """Return the path of a busybox for the guest, or None."""
        root = self.root()
        return (
            str(root / "usr/bin/busybox") if root else shutil.which("busybox")
        )

    def initramfs(self) -> Path:
        """Return the path of the initramfs; make it again if it is old."""
        image = self.work / "initramfs"
        sources = [HERE / "guest/init", self.path / "release"]
        if image.exists() and all(
            source.stat().st_mtime <= image.stat().st_mtime
            for source in sources
        ):
            return image
        # Use a new directory, because another process may make the initramfs
        # at the same time.
        self.work.mkdir(parents=True, exist_ok=True)
        root = Path(tempfile.mkdtemp(prefix="initramfs.", dir=self.work))
        root.chmod(0o755)
        for name in ("bin", "modules"):
            (root / name).mkdir(parents=True)
        busybox = self.busybox()
        if not busybox:
            die(
                "busybox is missing, which boots the guest: install Debian's "
                "package busybox-static"
            )
        shutil.copy(busybox, root / "bin/busybox")
        shutil.copy(HERE / "guest/init", root / "init")
        order = self.boot_modules(root / "modules")
        (root / "modules.order").write_text("".join(f"{m}\n" for m in order))
        with open(f"{root}.cpio", "wb") as out:
            subprocess.run(
                "find . | cpio -o -H newc --quiet",
                shell=True,
                cwd=root,
                stdout=out,
                check=True,
            )
        os.rename(f"{root}.cpio", image)
        shutil.rmtree(root)
        return image


def unpack_image(packed: bytes) -> bytes | None:
    """Return the ELF file in a compressed image of a kernel, or None.

    The kernel's scripts/extract-vmlinux does the same, but no package has it,
    and the user may not have the kernel's source.
    """
    for magic, command in IMAGE_UNPACKERS.items():
        if not shutil.which(command[0]):
            continue
        for found in re.finditer(re.escape(magic), packed):
            # Ignore the exit status: the programs report an error because the
            # image has other data after the compressed stream.
            done = subprocess.run(
                command,
                input=packed[found.start() :],
                capture_output=True,
                check=False,
            )
            if done.stdout.startswith(b"\x7fELF"):
                return done.stdout
    return None


def module_name(path: Path) -> str:
    """Return the name that the kernel gives the module in a file."""
    return path.name.split(".", 1)[0].replace("-", "_")


def unpack(path: Path, where: Path) -> Path:
    """Copy a module to @where, decompressed; return the path of the copy."""
    copy = where / f"{module_name(path)}.ko"
    unpacker = UNPACKERS.get(path.suffix)
    if not unpacker:
        shutil.copyfile(path, copy)
        return copy
    if not shutil.which(unpacker):
        die(f"{unpacker}, which unpacks {path}, is missing: install it")
    with open(copy, "wb") as out:
        subprocess.run([unpacker, "-dc", path], stdout=out, check=True)
    return copy


def modinfo(module: Path, field: str) -> str:
    """Return the values of a field of a module, one in each line."""
    command = ["modinfo", "-F", field, str(module)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout


def depends(module: Path) -> list[str]:
    """Return the names of the modules that must be loaded before @module."""
    text = modinfo(module, "depends")
    return re.findall(r"\w+", text.replace("-", "_"))


def parameters(module: Path) -> list[str]:
    """Return the names of the parameters of a module."""
    return re.findall(r"^(\w+):", modinfo(module, "parmtype"), re.M)


def has_virtualisation() -> bool:
    """Return true if the CPU reports that it has virtualisation."""
    cpuinfo = Path("/proc/cpuinfo").read_text()
    return bool(re.search(r"^flags\s*:.*\b(vmx|svm)\b", cpuinfo, re.M))


def accelerator(kernel: Kernel) -> tuple[str, str]:
    """Return the accelerator for QEMU, "kvm" or "tcg", and the reason.

    Without ACCEL=, use KVM only if a probe guest starts under it.
    """
    if kernel.board.is_foreign():
        return "tcg", f"the host is not {kernel.board.name}"
    forced = os.environ.get("ACCEL")
    if forced:
        return forced, "by ACCEL="
    if not has_virtualisation():
        return "tcg", "the CPU offers no virtualisation"
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg", "/dev/kvm cannot be opened"
    probe = [
        *qemu("kvm", kernel),
        "-append",
        "console=ttyS0 panic=-1",
        "-serial",
        "stdio",
    ]
    try:
        done = subprocess.run(
            probe,
            stdin=subprocess.DEVNULL,
            timeout=2,
            capture_output=True,
            check=False,
        )
        if b"Linux version" in done.stdout:
            return "kvm", "a probe guest came up"
    except subprocess.TimeoutExpired as expired:
        if b"Linux version" in (expired.stdout or b""):
            return "kvm", "a probe guest came up"
    return "tcg", "/dev/kvm is there, but a probe guest did not come up"


def qemu(accel: str, kernel: Kernel, cpus: int = 2) -> list[str]:
    """Return the beginning of QEMU's command line, for any guest."""
    icount = kernel.machine.icount
    threads = "single" if icount else "multi"
    return [
        kernel.board.qemu,
        "-machine",
        kernel.board.machine,
        "-accel",
        f"{accel},thread={threads}" if accel == "tcg" else accel,
        *(["-icount", "shift=0,sleep=off"] if icount else []),
        *(["-plugin", kernel.machine.plugin] if kernel.machine.plugin else []),
        "-cpu",
        kernel.board.cpu,
        "-smp",
        # Give each processor its own socket, or a kernel without ACPI finds
        # only one processor.
        f"{cpus},sockets={cpus}",
        "-m",
        kernel.machine.memory,
        "-nodefaults",
        "-no-user-config",
        "-display",
        "none",
        "-no-reboot",
        "-kernel",
        str(kernel.image()),
    ]


def clock_words(icount: bool) -> list[str]:
    """Return the boot parameters with which a kernel uses the TSC as clock.

    The TSC is the time stamp counter, the only clock of a kernel without ACPI.
    Without these parameters, the kernel would measure the counter by an
    emulated timer, which fails one time in three, and would not trust it if
    there are two sockets.  Without the counter, all timers are as inexact as a
    tick.  Return none if the host is not x86-64, because then a guest does not
    have the host's counter.
    """
    if icount:
        return ["tsc=reliable", f"tsc_early_khz={ICOUNT_KHZ}"]
    if platform.machine() != "x86_64":
        return []
    return ["tsc=reliable", f"tsc_early_khz={tsc_khz()}"]


def tsc_khz() -> str:
    """Return the frequency of the host's counter.

    Measuring it takes a fifth of a second, so measure it once in each boot of
    the host.
    """
    boot = snapshot.BOOT_ID.read_text().strip()
    known = results.build_dir() / "tsc_khz.known"
    if known.exists():
        text = known.read_text().split()
        if len(text) == 2 and text[0] == boot:
            return text[1]
    program = host_program("tsc_khz")
    done = subprocess.run(
        [program], capture_output=True, text=True, check=True
    )
    new = known.with_name(f"{known.name}.{os.getpid()}")
    new.write_text(f"{boot} {done.stdout}")
    new.replace(known)
    return done.stdout.strip()


def host_program(name: str) -> Path:
    """Build one of the rig's small programs in C; return its path."""
    source = HERE / f"{name}.c"
    program = results.build_dir() / name
    if program.exists() and program.stat().st_mtime >= source.stat().st_mtime:
        return program
    program.parent.mkdir(parents=True, exist_ok=True)
    compiler = shlex.split(os.environ.get("CC") or "gcc")
    # Use a new directory, because another process may build the program at the
    # same time.
    with tempfile.TemporaryDirectory(dir=program.parent) as scratch:
        built = Path(scratch) / program.name
        command = [*compiler, "-O2", "-o", str(built), str(source)]
        try:
            subprocess.run(command, check=True)
        except (OSError, subprocess.CalledProcessError):
            die(
                f"{compiler[0]} does not compile {source.name}: name a "
                "compiler that makes programs for this machine with CC="
            )
        os.rename(built, program)
    return program


def command_line(
    kernel: Kernel, accel: str, extra: list[str], cpus: int = 2
) -> list[str]:
    """Return QEMU's command line; @extra are more boot parameters.

    It gives the guest the host's root directory by 9p.
    """
    board = kernel.board
    root = kernel.root()
    words = [
        f"console={board.console}",
        "loglevel=5",
        "panic=-1",
        "oops=panic",
        "panic_on_warn=1",
        # Panic at the first report of an RCU stall.  If one processor hangs,
        # the others hang later too, at a time that differs from run to run, so
        # later reports would differ.
        "sysctl.kernel.panic_on_rcu_stall=1",
        "cryptomgr.notests",
        *board.words,
        *([] if board.is_foreign() else clock_words(kernel.machine.icount)),
        # Shorten RCU grace periods: the kernel waits for two when it loads and
        # unloads a module.
        "rcupdate.rcu_expedited=1",
        "rdinit=/init",
        f"rig.guest={HERE / 'guest'}",
        f"rig.work={kernel.work}",
        f"rig.modules={kernel.modules}",
        *board.boot_words(),
        *(["rig.over"] if root else []),
        *extra,
        *kernel.machine.words,
    ]
    return [
        *qemu(accel, kernel, cpus),
        "-initrd",
        str(kernel.initramfs()),
        "-fsdev",
        "local,id=root,path=/,security_model=none,"
        "readonly=on,multidevs=remap",
        "-device",
        f"virtio-9p-{board.bus},fsdev=root,mount_tag=host",
        *(share(root, "over", board.bus, "readonly=on") if root else []),
        *(word for d in kernel.machine.devices for word in ("-device", d)),
        *firmware_drives(kernel.machine.firmware),
        "-append",
        " ".join(words),
    ]


def firmware_drives(directory: str) -> list[str]:
    """Return QEMU's options for the flash memory with UEFI and its variables.

    With snapshot=on, the guest's changes are lost, so that several guests can
    use one directory.
    """
    if not directory:
        return []
    flash = "if=pflash,format=raw"
    return [
        *("-drive", f"{flash},unit=0,readonly=on,file={directory}/code.fd"),
        *("-drive", f"{flash},unit=1,snapshot=on,file={directory}/vars.fd"),
    ]


def missing_symbols(kernel: Kernel) -> set[str]:
    """Return the symbols that the project needs and the kernel lacks."""
    wanted = fragment(first_error.PROJECT)
    symbols = re.findall(r"^CONFIG_(\w+)=", "\n".join(wanted), re.M)
    return set(symbols) - kernel.symbols()


def met_stale_int3(log: Path) -> bool:
    """Return true if a guest died only because QEMU executed a stale int3.

    While the kernel changes its code, it writes an int3 instruction, and then
    removes it.  In QEMU before 8.1 (its commit deba78709a), one processor can
    write code while another one translates it.  The latter may keep the int3
    in its translation and execute it later, when it is no longer in memory.
    """
    text = log.read_text(errors="replace")
    died = INT3.search(text)
    if not died or died[1] == "cc":
        return False
    return not results.splats(text[: died.start()])


def boot(
    starts: list[Start], accel: str, document: Document, limit: int
) -> list[str]:
    """Run the guests until all have ended; return their errors.

    An emulated guest with several processors may crash by a mistake of QEMU
    when its kernel changes its own code.  So boot a guest once more if it
    ended before its job began, or by a stale int3; see met_stale_int3().  Such
    a guest is not restored from a snapshot.  After a stale int3, its finished
    areas are run again too, because the guest ended without the scan for leaks.
    """

    def guest_for(number: int, start: Start) -> Guest:
        """Return a guest that excuses its end if QEMU's mistake caused it."""
        log = document.run / console(number)
        return Guest(
            start.command,
            document,
            front=number == 0,
            excuse=lambda: accel == "tcg" and met_stale_int3(log),
            pulse=pulse(document.run, number),
            handshake=start.handshake,
        )

    guests = [guest_for(*start) for start in enumerate(starts)]
    serve(guests, limit)
    for number, guest in enumerate(guests):
        if guest.is_excused:
            document.forget(guest)
            reason = "it met an int3 that was not there"
        elif not guest.has_begun and accel == "tcg":
            reason = f"{guest.errors[0]} (the job had not begun)"
        else:
            continue
        document.say(f"{reason}: one more try")
        log = document.run / console(number)
        if log.exists():
            log.replace(log.with_suffix(".first"))
        guests[number] = guest_for(number, starts[number].again())
        serve([guests[number]], limit)
        if guests[number].is_excused:
            guests[number].give_up(
                "the guest met an int3 that was not there: "
                "use QEMU 8.1 or newer, or one processor"
            )
    return [error for guest in guests for error in guest.errors]


def console(number: int) -> str:
    """Return the name of the file with a guest's console."""
    return f"console-{number + 1}.log" if number else "console.log"


def pulse(run: Path, number: int) -> Path:
    """Return the pulse: the directory that a guest and the host share.

    Both write their state to it; see guest_pool.py.
    """
    return run / f"pulse-{number + 1}"


def share(path: Path, tag: str, bus: str, *more: str) -> list[str]:
    """Return QEMU's options that share a directory with a guest.

    @more are further options of the directory.
    """
    options = [f"local,id={tag},path={path},security_model=none", *more]
    return [
        *("-fsdev", ",".join(options)),
        *("-device", f"virtio-9p-{bus},fsdev={tag},mount_tag={tag}"),
    ]


def shared_directory(path: Path, tag: str, bus: str) -> list[str]:
    """Create a directory; return QEMU's options that share it with a guest."""
    path.mkdir()
    return share(path, tag, bus)


def can_restore(kernel: Kernel, accel: str) -> bool:
    """Return true if guests with the kernel may be restored, not booted.

    KVM boots a kernel in no time.  The clock of another architecture would go
    on while a snapshot waits.  With other devices or parameters than usual
    a guest needs its own snapshot, which would be used only once.  The variable
    RIG_BOOT is for a user who wants to see the boot.
    """
    return (
        accel == "tcg"
        and not kernel.board.is_foreign()
        and kernel.machine == Machine()
        and not os.environ.get("RIG_BOOT")
    )


def restored(
    kernel: Kernel, run: Path, number: int, cpus: int, words: list[str]
) -> Start:
    """Return how to restore a guest, or how to boot the guest to be saved."""
    command = command_line(kernel, "tcg", ["rig.wait"], cpus)
    saved = snapshot.Snapshot(
        kernel.work / f"snapshot-{cpus}",
        command,
        [kernel.image(), kernel.initramfs()],
    )
    log = run / console(number)
    command += [
        *share(pulse(run, number), "pulse", kernel.board.bus),
        *("-chardev", f"file,id=console,append=on,path={log}"),
        *kernel.board.serial("chardev:console"),
    ]
    words = [*words, f"rig.reseed={host_program('reseed')}"]
    if not saved.exists():
        return Start(command, snapshot.Handshake(words, saved, log))
    shutil.copy(saved.place / "console", log)
    command += saved.options()
    return Start(command, snapshot.Handshake(words, None, log))


def guest_start(
    kernel: Kernel,
    accel: str,
    run: Path,
    number: int,
    cpus: int,
    has_areas: bool,
) -> Start:
    """Return how to start the guest @number, which runs the job.

    An emulated processor that another one waits for should not itself wait for
    a processor of the host: two guests with two processors took twice as long
    as one alone.  So only the first guest has several processors, and the
    others run at a lower priority.
    """
    cpus = 1 if number else cpus
    words = [
        f"rig.job={run / 'job'}",
        f"rig.cpus={cpus}",
        f"rig.slow={kernel.slowness()}",
        *(["rig.areas"] if has_areas else []),
    ]
    counts = []
    if os.environ.get("RIG_COUNTS"):
        words.append("rig.counts")
        counts = shared_directory(
            run / f"counts-{number + 1}", "counts", kernel.board.bus
        )
    prefix = [
        # QEMU's own messages explain why a guest did not start.
        *("sh", "-c", 'exec "$@" 2>>"$0"', str(run / "qemu.log")),
        *(["nice", "-n", "5"] if number else []),
    ]
    pulse(run, number).mkdir()
    booted = [
        *command_line(kernel, accel, words, cpus),
        *share(pulse(run, number), "pulse", kernel.board.bus),
        *counts,
        *kernel.board.serial(f"file:{run / console(number)}"),
    ]
    start = Start(booted)
    if not counts and can_restore(kernel, accel):
        start = restored(kernel, run, number, cpus, words)
    start.command = [*prefix, *start.command]
    start.booted = [*prefix, *booted]
    return start


def do_run(kernel: Kernel, args: argparse.Namespace) -> int:
    """Run a job in several guests, and judge the results.

    There are as many guests as the host has processors, but no more than the
    job has areas.  Return the exit status.
    """
    run = Path(args.run).resolve()
    results.fresh_run(run)
    job = run / "job"
    job.write_text(f'#!/bin/sh\nexec {shlex.join(args.command)} "$@"\n')
    job.chmod(0o755)

    accel, why = accelerator(kernel)
    if kernel.machine.icount:
        accel, why = "tcg", "which counts instructions"
    document = Document(run, args.areas, args.show)
    document.say(f"booting {kernel.release} {HOW.get(accel, accel)} ({why})")
    starts = [
        guest_start(kernel, accel, run, number, args.cpus, args.areas)
        for number in range(max(1, min(os.cpu_count() or 1, len(args.areas))))
    ]
    limit = args.limit * kernel.slowness() + args.time
    errors = boot(starts, accel, document, limit)
    errors = results.judge(
        run, args.ksrc, document.seconds, errors, missing_symbols(kernel)
    )
    return 1 if errors or results.failures(run) else 0


def do_shell(kernel: Kernel, args: argparse.Namespace) -> int:
    """Replace this process by a guest with a shell on this terminal."""
    if not sys.stdin.isatty():
        die("the shell needs a terminal: type the command in one")
    accel, _ = accelerator(kernel)
    size = os.get_terminal_size()
    built = results.build_dir() / "modules" / kernel.path.name
    sources = args.sources or built
    hints = Config.read(first_error.PROJECT).guest.hints
    extra = [
        "quiet",
        f"rig.sources={sources}",
        f"rig.headers={(kernel.path / 'headers').resolve()}",
        *([f"rig.hints={first_error.PROJECT / hints}"] if hints else []),
        f"LINES={size.lines}",
        f"COLUMNS={size.columns}",
        f"TERM={os.environ.get('TERM', 'vt100')}",
    ]
    os.execvp(
        kernel.board.qemu,
        [
            *command_line(kernel, accel, extra),
            "-chardev",
            "stdio,id=tty,signal=off",
            "-serial",
            "chardev:tty",
        ],
    )


def main() -> int:
    """Run the verb in the arguments."""
    parser = argparse.ArgumentParser(description="Run a job in a guest.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run")
    run.add_argument("kernel")
    run.add_argument("run")
    run.add_argument("--limit", type=int, default=LIMIT, metavar="SECONDS")
    run.add_argument("--time", type=int, default=0, metavar="SECONDS")
    run.add_argument("--cpus", type=int, default=2)
    run.add_argument("--areas", type=str.split, default=[], metavar="NAMES")
    run.add_argument("--show", action="store_true")
    run.add_argument("--icount", action="store_true")
    run.add_argument("--plugin", default="")
    run.add_argument("--ksrc", default=os.environ.get("KSRC"))
    run.add_argument("command", nargs="+")
    shell = verbs.add_parser("shell")
    shell.add_argument("kernel")
    shell.add_argument("--sources", metavar="DIR")
    for verb in run, shell:
        verb.add_argument("--memory", default=Machine.memory, metavar="SIZE")
        verb.add_argument("--word", action="append", default=[])
        verb.add_argument("--device", action="append", default=[])
        verb.add_argument("--firmware", default="", metavar="DIR")
    args = parser.parse_args()
    kernel = Kernel(args.kernel)
    if not shutil.which(kernel.board.qemu):
        die(
            f"{kernel.board.qemu} is missing: install Debian's package "
            f"{kernel.board.package}"
        )
    if args.firmware and not (Path(args.firmware) / "vars.fd").exists():
        die(
            f"--firmware {args.firmware} has no vars.fd: "
            "make the directory with rig/secure-boot"
        )
    kernel.need_boot_symbols()
    kernel.machine = Machine(
        args.memory, args.word, args.device, firmware=args.firmware
    )
    if args.verb == "run":
        kernel.machine.icount = args.icount
        kernel.machine.plugin = args.plugin
    return (do_run if args.verb == "run" else do_shell)(kernel, args)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        die("interrupted")
