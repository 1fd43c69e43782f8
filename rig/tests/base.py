# SPDX-License-Identifier: GPL-2.0
"""Constants, classes and functions that the tests of the rig share"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

import results
import vm

HERE = Path(vm.__file__).resolve().parent
PROJECT = HERE.parent
# The directory of the project's tools that are not part of the rig.
TOOLS = PROJECT / "tools"
WORK = results.build_dir()
# The kernel that the guests of the tests boot; see rig/run_tests.py.
KERNEL = vm.Kernel(os.environ["RIG_KERNEL"])
KSRC = os.environ["KSRC"]
PASS = "KTAP version 1\\n1..1\\nok 1 fact"


class Scratch(unittest.TestCase):
    """A test that gets an empty directory, self.scratch."""

    def setUp(self) -> None:
        self.scratch = Path(tempfile.mkdtemp(prefix="rig-", dir=WORK))

    def tearDown(self) -> None:
        shutil.rmtree(self.scratch)

    def fake(self, name: str, script: str) -> str:
        """Create a shell script; return a PATH that finds it first."""
        path = self.scratch / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return f"{self.scratch}:{os.environ['PATH']}"

    def run_tool(
        self, *command: str | Path, **environment: str
    ) -> tuple[int, str]:
        """Run a tool with self.scratch as its build directory.

        Return its exit status, and what it wrote to stdout and stderr.
        """
        done = subprocess.run(
            command,
            env=os.environ
            | {"O": str(self.scratch), "KDIR": ""}
            | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def house(self, name: str = "house", **tools: str) -> Path:
        """Copy the Makefile, the rig and tools/; return the copy's directory.

        Such a copy is called a house.  @tools are scripts that replace the
        tools of these names in it.
        """
        house = self.scratch / name
        for directory in HERE, TOOLS:
            shutil.copytree(directory, house / directory.name, symlinks=True)
        shutil.copy(PROJECT / "Makefile", house)
        replace_tools(house, tools)
        return house


def tool_path(tool: str, project: Path = PROJECT) -> Path:
    """Return the path of a tool in @project: below rig/ or below tools/."""
    where = TOOLS if (TOOLS / tool).exists() else HERE
    return project / where.name / tool


def replace_tools(house: Path, tools: dict[str, str]) -> None:
    """Replace tools of a house by scripts; @tools has a script by its name."""
    for tool, script in tools.items():
        path = tool_path(tool, house)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)


def copy_tools(house: Path, *tools: str) -> None:
    """Copy these tools of the project to the same paths in a house."""
    for tool in tools:
        path = tool_path(tool, house)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tool_path(tool), path)


def take_all() -> None:
    """Reset the signals that nohup or a shell may have set to be ignored.

    A test calls this function in a child process.
    """
    for number in signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM:
        signal.signal(number, signal.SIG_DFL)


def make(
    house: Path,
    *args: str | Path,
    env: dict[str, str] | None = None,
    **options: Any,
) -> subprocess.CompletedProcess[str]:
    """Run make in @house as a user does; return the completed process.

    Pass only a few environment variables to make, because the make that runs
    these tests has set others.
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name in ("HOME", "TERM", "USER")
    }
    # Put the directory of this Python first, because the user's PATH may find
    # another one.
    inherited["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    pipes: dict[str, Any] = {
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
    }
    return subprocess.run(
        ["make", *args],
        cwd=house,
        env=inherited | (env or {}),
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
        **pipes | options,
    )
