# SPDX-License-Identifier: GPL-2.0
"""Build - build the modules of any project for a kernel

The build runs in a copy of the sources, so the project stays as it is.  A build
that cannot succeed on this kernel, because the kernel lacks something, is told
from one that fails by a mistake of the project.
"""

import contextlib
import fcntl
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import mirror
import others
from common import die
from dkms import Conf, Target, evaluate
from first_error import COMPILER, Tree, undefined_symbols
from headers import Headers, compiler_words, ko_below
from project import ASKS, MAKEFILES, ModuleConfig, Project, read

OK = "ok"
FAILED = "failed"
NOT_FOR_THIS_KERNEL = "not for this kernel"
# The variables in which makefiles expect the kernel's headers, and its release.
DIRECTORIES = (
    "KDIR KERNELDIR KERNEL_DIR KERNEL_SRC KERNEL_TREE KERNEL_SOURCE_DIR KSRC"
).split()
RELEASES = "KVER KVERSION kernelver".split()
# Variables of make, kbuild and this rig that would change the build.
CLEARED = re.compile(
    r"MAKE.*|MFLAGS|GNUMAKEFLAGS|KBUILD_.*|KERNEL.*|INSTALL_.*|MODPROOF.*|RIG_.*|"
    r"GIT_.*|M|O|V|C|W|CF|CC|LD|LLVM|CFLAGS|CPPFLAGS|LDFLAGS|KCPPFLAGS|SUBDIRS|"
    r"ARCH|CROSS_COMPILE|src|obj|srctree|objtree|OLDPWD|CDPATH|LANGUAGE|BASH_ENV|"
    r"ENV|KDIR|KSRC|KVER|KVERSION"
)
# Programs that would change this machine instead of the copy.
GUARDED = "depmod dkms insmod modprobe rmmod sudo".split()
# A rule of a makefile, other than a variable or a special target.
RULE = re.compile(r"^[\w%][\w.%$(){} -]*:(?![:=])", re.M)
# The warnings of a build, without those of make about itself.
WARNING = re.compile(r"\bwarning: |^WARNING: modpost: ")
NO_WARNING = re.compile(r"^make|warning: the compiler differs|Clock skew")
# A function that a source calls, and that no header declares to it.
UNDECLARED = re.compile(
    r"error: (?:implicit declaration of|call to undeclared) function "
    r"[‘'](\w+)[’']"
)
NO_SPACE = "No space left on device"


@dataclass
class Module:
    """A module that was built, and what modproof.toml says about it."""

    name: str
    path: Path
    depends: list[str]
    softdeps: list[str] = field(default_factory=list)
    parameters: str = ""
    use: str = ""
    loads: int | None = None
    device: str = ""


@dataclass
class Build:
    """What came of a build.

    The modules are in an order in which they can be loaded.  @others are the
    modules of other projects that these need, in such an order too.
    """

    status: str
    reason: str
    log: Path
    modules: list[Module] = field(default_factory=list)
    warnings: int = 0
    lines: list[str] = field(default_factory=list)
    others: list[Module] = field(default_factory=list)

    def staged(self) -> list[Module]:
        """Return all modules that a guest needs."""
        return [*self.others, *self.modules]


class Stopped(Exception):
    """The build ended without modules that can be tested."""

    def __init__(
        self, status: str, reason: str, lines: list[str] | None = None
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.lines = lines or []


def not_for(reason: str) -> Stopped:
    """Return what ends the build for a kernel that lacks something."""
    return Stopped(NOT_FOR_THIS_KERNEL, reason)


def listed(names: list[str]) -> str:
    """Return a list of names for a line of text, shortened if it is long."""
    if len(names) > 5:
        names = [*names[:4], f"{len(names) - 4} more"]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def write_program(path: Path, text: str) -> None:
    """Write a script that replaces a program of the same name."""
    path.write_text(text)
    path.chmod(0o755)


def compilers() -> set[str]:
    """Return the names of the C compilers that PATH has."""
    names: list[str] = []
    for directory in os.environ.get("PATH", "").split(":"):
        try:
            names += os.listdir(directory or ".")
        except OSError:
            # A shell skips such a directory as well.
            continue
    return {n for n in names if re.fullmatch(r"(gcc|clang)(-\d+)?", n)}


def write_programs(where: Path, headers: Headers, make: str) -> None:
    """Write the programs that a build finds first.

    uname prints the kernel's release.  make replaces the directory in which an
    installed kernel has its headers.  Compilers run through ccache.  The
    programs that would change this machine do nothing.
    """
    mirror.remove(where)
    where.mkdir(parents=True)
    real = shutil.which("uname") or "/bin/uname"
    write_program(
        where / "uname",
        f'#!/bin/sh\n[ "$*" != -r ] || exec echo {headers.release}\n'
        f'exec {shlex.quote(real)} "$@"\n',
    )
    write_program(
        where / "make",
        "#!/usr/bin/env bash\n"
        # A shell replaces PWD when it starts, but a makefile may have set it
        # for the make that it runs.  So take PWD from the environment again.
        "while IFS= read -r -d '' word; do\n"
        "[[ $word != PWD=* ]] || PWD=${word#PWD=}\n"
        "done </proc/$$/environ\n"
        f"old=/lib/modules/{headers.release}/build\n"
        f"new={shlex.quote(str(headers.path))}\n"
        'set -- "${@/"$old"/"$new"}"\n'
        f'exec -a make {shlex.quote(make)} "$@"\n',
    )
    for name in GUARDED:
        write_program(
            where / name, f'#!/bin/sh\necho "not run here: {name} $*"\n'
        )
    ccache = shutil.which("ccache")
    if ccache:
        for name in compilers():
            mirror.remove(where / name)
            (where / name).symlink_to(ccache)


class Builder:
    """One build of a project for a kernel."""

    def __init__(
        self, project: Project, kernel: Path, work: Path, jobs: int
    ) -> None:
        self.project = project
        self.headers = Headers(kernel)
        self.work = work.absolute()
        self.jobs = jobs
        self.copy = self.work / "src"
        self.where = self.copy / project.below
        self.log = self.work / "build.log"
        self.tree = Tree(project.root, self.copy)
        self.state_file = self.work / "state.json"
        self.state = mirror.State()
        self.compiler: list[str] = []
        self.conf: Conf | None = None
        self.others = others.Others(self)

    def run(self) -> Build:
        """Build the modules, and return what came of it."""
        make = shutil.which("make")
        if not make:
            die("make is missing: install it")
        self.log.write_text("")
        modules: list[Module] = []
        try:
            self.check_config()
            self.compiler = compiler_words(self.headers)
            self.others.build()
            self.update_copy()
            self.others.link()
            write_programs(self.work / "bin", self.headers, make)
            self.check_dkms()
            self.make_modules()
            modules = self.ordered(self.found())
            self.check_depends(modules)
            return self.ended(OK, "", modules, self.unused(modules))
        except Stopped as end:
            return self.ended(end.status, end.reason, modules, end.lines)

    def ended(
        self, status: str, reason: str, modules: list[Module], lines: list[str]
    ) -> Build:
        """Record the end of the build, and return what came of it."""
        text = self.log.read_text(errors="replace")
        warnings = [
            line
            for line in text.splitlines()
            if WARNING.search(line) and not NO_WARNING.search(line)
        ]
        if self.state.identity:
            self.state.warnings = len(warnings)
            self.state.save(self.state_file)
        if status == FAILED and NO_SPACE in text:
            die(f"cannot build in {self.work}: {NO_SPACE.lower()}")
        if reason and not lines:
            lines = [reason]
        return Build(
            status,
            reason,
            self.log,
            modules,
            len(warnings),
            lines,
            self.others.modules,
        )

    def check_place(self) -> None:
        """Exit if the modules cannot be built in this directory."""
        root = self.project.root
        work = self.work.resolve()
        if work == root or work in root.parents:
            die(f"{root} is in the build directory: name the sources", 2)
        for path in (self.work, self.headers.path):
            if re.search(r"[\s:]", str(path)):
                die(
                    "kbuild cannot use a path with a space or a colon, such "
                    f'as "{path}": use another directory with --output'
                )

    def check_config(self) -> None:
        """End the build if the kernel lacks a symbol of modproof.toml."""
        lacking = self.headers.lacking(self.project.config.symbols)
        if lacking:
            names = listed([f"CONFIG_{name}" for name in lacking])
            raise not_for(f"it lacks {names.replace('CONFIG_!', '!CONFIG_')}")

    def update_copy(self) -> None:
        """Make the copy equal to the project, and keep what was built there.

        Start anew if the objects are of another build, or if the last build
        had warnings, which would not be repeated.
        """
        auto = self.headers.path / "include/config/auto.conf"
        below = self.project.below
        identity = {
            "project": f"{self.project.root} {self.project.how} {below}",
            "command": self.project.config.command,
            "kernel": f"{self.headers.path.resolve()} {self.headers.release}",
            "config": str(auto.stat().st_mtime_ns if auto.exists() else ""),
            "compiler": " ".join(self.compiler),
            "needs": self.others.sum(),
        }
        self.state = mirror.State.load(self.state_file)
        is_fresh = not self.copy.is_dir() or self.state.identity != identity
        if is_fresh or self.state.warnings:
            way = "" if is_fresh else self.state.way
            mirror.remove(self.copy)
            self.state = mirror.State(identity, way=way)
        sources = mirror.Sources(
            self.project.root,
            self.work.resolve(),
            [str(below / name) for name in ("dkms.conf", *MAKEFILES)],
        )
        mirror.update(sources, self.copy, self.state)
        self.state.save(self.state_file)
        for path in ko_below(self.copy):
            if str(path.relative_to(self.copy)) not in self.state.files:
                path.unlink()

    def check_dkms(self) -> None:
        """Evaluate the dkms.conf; end the build if it excludes the kernel."""
        if self.project.how != "dkms":
            return
        name = self.project.name
        tree = self.work / "dkms"
        headers = self.headers
        target = Target(headers.release, headers.path, headers.config, tree)
        shown = str(self.project.root / self.project.below / "dkms.conf")
        conf = self.conf = evaluate(self.where, shown, target)
        reasons = [conf.excluded(index) for index in conf.modules() or {0: ""}]
        if all(reasons):
            raise not_for(reasons[0])
        mirror.remove(tree)
        package = tree / name / conf.version
        package.mkdir(parents=True)
        for link in ("build", "source"):
            (package / link).symlink_to(self.where)

    def environment(self, variables: dict[str, str]) -> dict[str, str]:
        """Return the environment of a build.

        In MAKEFLAGS the variables replace those that a makefile sets.
        """
        kept = {
            name: value
            for name, value in os.environ.items()
            if not CLEARED.fullmatch(name)
        }
        words = [f"{name}={value}" for name, value in variables.items()]
        more = [*self.compiler, *self.others.words()]
        words += [word.replace(" ", "\\ ") for word in more]
        # Warnings are counted, also if the kernel makes its own fatal.
        words += ["CONFIG_WERROR="]
        words += ["GCOV_PROFILE=y"] * bool(os.environ.get("RIG_COUNTS"))
        path = f"{self.work}/bin:{os.environ.get('PATH', '')}"
        installed = str(self.work / "installed")
        return (
            kept
            | variables
            | {
                "CCACHE_DEPEND": "1",
                "DESTDIR": installed,
                "GIT_CEILING_DIRECTORIES": str(self.work),
                "INSTALL_MOD_PATH": installed,
                "KCFLAGS": f"-gdwarf-4 {os.environ.get('KCFLAGS', '')}",
                "LC_ALL": "C.UTF-8",
                "MAKEFLAGS": f"-j{self.jobs} -- {' '.join(words)}",
                "PATH": f"{path}:/usr/sbin:/sbin",
                "PWD": str(self.where),
            }
        )

    def execute(
        self, command: list[str], variables: dict[str, str]
    ) -> tuple[int, str]:
        """Run a command in the copy; return its status and what it printed."""
        environment = self.environment(variables)
        with open(self.log, "a+", encoding="utf-8", errors="replace") as log:
            log.write(f"$ {shlex.join(command)}\n")
            log.flush()
            start = log.tell()
            done = subprocess.run(
                command,
                cwd=self.where,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            )
            log.seek(start)
            return done.returncode, log.read()

    def tree_variables(self) -> dict[str, str]:
        """Return the variables that tell a makefile about the kernel."""
        path = str(self.headers.path)
        return dict.fromkeys(DIRECTORIES, path) | dict.fromkeys(
            RELEASES, self.headers.release
        )

    def make_modules(self) -> None:
        """Run the commands that build the project; end the build on errors."""
        variables = self.tree_variables()
        how = self.project.how
        if self.conf:
            self.prepare_dkms(self.conf)
            build = self.conf.target.tree / self.conf.name / self.conf.version
            script = self.conf.command(build / "build", self.jobs)
            variables |= self.conf.variables()
            done = self.execute(["bash", "-c", script], variables)
        elif how == "command":
            script = self.project.config.command
            done = self.execute(["sh", "-c", script], variables)
        elif how == "make" or self.state.way == "make":
            done = self.execute(["make"], variables)
        else:
            done = self.make_by_kbuild()
        if done[0] or not self.built():
            raise self.why(*done)

    def make_by_kbuild(self) -> tuple[int, str]:
        """Run kbuild in the copy; if it makes no module, run make there."""
        kbuild = ["make", "-C", str(self.headers.path), f"M={self.where}"]
        done = self.execute([*kbuild, "modules"], {})
        if (not done[0] and self.built()) or not self.has_own_rules():
            return done
        if self.is_final(done[1]):
            return done
        own = self.execute(["make"], self.tree_variables())
        if not own[0] and self.built():
            self.state.way = "make"
            return own
        told = any(map(COMPILER.match, own[1].splitlines()))
        return own if told or not done[0] else done

    def has_own_rules(self) -> bool:
        """Return true if the project's makefile can build the modules."""
        texts = [read(self.where / name) for name in MAKEFILES[1:]]
        return any(RULE.search(text) and ASKS.search(text) for text in texts)

    def is_final(self, text: str) -> bool:
        """Return true if only symbols of other modules are missing.

        Everything was compiled, so the project's own makefile cannot help.
        """
        found = self.tree.errors(text)
        return bool(found) and all("nothing defines" in e[0] for e in found)

    def prepare_dkms(self, conf: Conf) -> None:
        """Apply the patches, and run the script that precedes the build.

        Both change the sources, so the copy is made anew for the next build.
        """
        script = conf.get("PRE_BUILD")
        if script or conf.patches():
            self.state.identity |= {"project": ""}
            self.state.save(self.state_file)
        for name in conf.patches():
            shell = f"patch -p1 <{shlex.quote(f'patches/{name}')}"
            status, text = self.execute(["sh", "-c", shell], {})
            if status:
                words = self.tree.last_words(text)
                reason = f"the patch {name} of dkms.conf does not apply"
                raise Stopped(FAILED, reason, [reason, *words])
        program = self.where / (script.split() or ["."])[0]
        # dkms, too, goes on without a script that it cannot execute.
        if not program.is_file() or not os.access(program, os.X_OK):
            return
        variables = self.tree_variables() | conf.variables()
        status, text = self.execute(["bash", "-c", f"./{script}"], variables)
        words = self.tree.last_words(text)
        if status == 77:
            told = f": {words[-1]}" if words else ""
            raise not_for(f"PRE_BUILD of dkms.conf exits with 77{told}")
        if status:
            reason = f"PRE_BUILD of dkms.conf fails with status {status}"
            raise Stopped(FAILED, reason, [reason, *words])

    def built(self) -> dict[str, Path]:
        """Return the modules in the copy; of equal names the newest one."""
        paths = [
            path
            for path in ko_below(self.copy)
            if path.suffix == ".ko"
            and str(path.relative_to(self.copy)) not in self.state.files
        ]
        paths.sort(key=lambda path: path.stat().st_mtime_ns)
        return {path.stem.replace("-", "_"): path for path in paths}

    def why(self, status: int, text: str) -> Stopped:
        """Return why a build made no modules."""
        errors = self.tree.errors(text)
        if self.is_final(text):
            exported = self.headers.exports()
            found = undefined_symbols(text)
            symbols = list(dict.fromkeys(symbol for symbol, _ in found))
            if symbols and all(
                symbol not in exported and self.headers.declares(symbol)
                for symbol in symbols
            ):
                return not_for(f"it does not export {listed(symbols)}")
        lacking = self.others.lacking(text)
        if lacking:
            return Stopped(FAILED, lacking[0], lacking)
        for function in UNDECLARED.findall(text):
            symbol = self.headers.lacks_for(function)
            if symbol:
                return not_for(
                    f"it lacks CONFIG_{symbol}, with which it has {function}()"
                )
        if not status:
            reason = "make succeeded but made no .ko"
            hint = self.why_no_object()
            return Stopped(FAILED, reason + hint, [reason + hint])
        lines = errors[0] if errors else self.tree.last_words(text)
        undefined = undefined_symbols(text)
        if undefined and self.is_final(text):
            lines = [*lines, self.others.hint(undefined[0][1])]
        compiler = re.search(r"^ *You are using: *(.*)$", text, re.M)
        if compiler:
            theirs = self.headers.config.get("CC_VERSION_TEXT", "")
            lines += [f"the kernel was built with {theirs}, not {compiler[1]}"]
        reason = (
            lines[0] if errors else f"the build fails with status {status}"
        )
        return Stopped(FAILED, reason, lines)

    def why_no_object(self) -> str:
        """Return a note on why the makefile selects no module, if known."""
        text = "".join(
            read(path)
            for name in ("Kbuild", "Makefile")
            for path in [self.where / name]
        )
        names = set(re.findall(r"\bobj-\$[({]CONFIG_(\w+)[)}]", text))
        unset = sorted(names - set(self.headers.config))
        if unset:
            verb = "are" if len(unset) > 1 else "is"
            symbols = listed([f"CONFIG_{name}" for name in unset])
            return f": {symbols} {verb} not set"
        builtin = re.search(r"^\s*obj-y\s*[:+]?=\s*(\w\S*\.o)\b", text, re.M)
        if builtin and "obj-m" not in text:
            return (
                ": obj-y is for objects of the kernel itself: write "
                f'"obj-m += {builtin[1]}"'
            )
        return ""

    def found(self) -> list[Module]:
        """Return the modules that were built, with what modinfo knows."""
        built = self.built()
        if self.conf and self.conf.modules():
            built = self.named_by(self.conf, built)
        configured = self.project.config.modules
        modules = []
        for name, path in sorted(built.items()):
            depends, softdeps = needs(path)
            config = configured.get(name, ModuleConfig())
            modules.append(
                Module(
                    name,
                    path,
                    depends,
                    softdeps
                    + [n.replace("-", "_") for n in config.needs]
                    + self.others.names(config),
                    config.parameters,
                    config.use,
                    config.loads,
                    config.device,
                )
            )
        return modules

    def named_by(self, conf: Conf, built: dict[str, Path]) -> dict[str, Path]:
        """Return the modules that dkms.conf names; each must be there."""
        named = {}
        for index, name in conf.modules().items():
            if conf.excluded(index):
                continue
            path = self.where / name
            if not path.is_file():
                stem = path.stem.replace("-", "_")
                reason = (
                    f"dkms.conf names {name}, which the build did not make"
                )
                if stem in built:
                    place = built[stem].relative_to(self.where)
                    reason += f": it made {place}"
                raise Stopped(FAILED, reason)
            named[path.stem.replace("-", "_")] = path
        return named

    def ordered(self, modules: list[Module]) -> list[Module]:
        """Return the modules, each after those of the project it needs."""
        named = {module.name: module for module in modules}
        order: list[Module] = []
        started: set[str] = set()

        def add(name: str) -> None:
            if name not in named or name in started:
                return
            started.add(name)
            for needed in named[name].softdeps + named[name].depends:
                add(needed)
            order.append(named[name])

        for name in named:
            add(name)
        return order

    def check_depends(self, modules: list[Module]) -> None:
        """End the build if a module needs one that the kernel lacks."""
        ours = [*self.others.modules, *modules]
        own = {module.name for module in ours} | set(self.built())
        theirs = self.headers.modules()
        for module in modules:
            for name in module.depends:
                if name not in own | theirs:
                    raise not_for(f"module {name} is not there")

    def unused(self, modules: list[Module]) -> list[str]:
        """Return a line for each configured module that was not built."""
        names = [module.name for module in modules]
        return [
            f"modproof.toml: [modules.{name}] is not used: the project builds "
            f"{', '.join(names)}"
            for name in self.project.config.modules
            if name not in names
        ]


def needs(path: Path) -> tuple[list[str], list[str]]:
    """Return which modules a module needs, and which to load before it."""
    environment = os.environ | {
        "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    }
    program = shutil.which("modinfo", path=environment["PATH"])
    if not program:
        die("modinfo is missing: install kmod")
    done = subprocess.run(
        [program, str(path)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Stopped(FAILED, f"modinfo cannot read {path.name}")
    text = done.stdout.replace("-", "_")
    depends = re.findall(r"^depends: *(.*)$", text, re.M)
    softdeps = re.findall(r"^softdep: *pre:(.*?)(?:post:.*)?$", text, re.M)
    return (
        re.findall(r"\w+", " ".join(depends)),
        re.findall(r"\w+", " ".join(softdeps)),
    )


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            told = f"waiting for another run, which has locked {path}"
            print(told, file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(project: Project, kernel: Path, work: Path, jobs: int) -> Build:
    """Build the modules of a project for a kernel, below @work."""
    try:
        builder = Builder(project, Path(kernel), Path(work), jobs)
        builder.check_place()
        with alone(builder.work / "lock"):
            return builder.run()
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        die(f"cannot build {project.name}: {error.strerror or error}{where}")
