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
# The tools of the project that are no part of the rig.
TOOLS = PROJECT / "tools"
WORK = results.build_dir()
# The kernel that guests boot; see rig/run_tests.py.
KERNEL = vm.Kernel(os.environ["RIG_KERNEL"])
KSRC = os.environ["KSRC"]
PASS = "KTAP version 1\\n1..1\\nok 1 fact"


class Scratch(unittest.TestCase):
    """A test with a directory of its own."""

    def setUp(self) -> None:
        self.scratch = Path(tempfile.mkdtemp(prefix="rig-", dir=WORK))

    def tearDown(self) -> None:
        shutil.rmtree(self.scratch)

    def fake(self, name: str, script: str) -> str:
        """Create the program @name, a script; return a PATH that has it."""
        path = self.scratch / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return f"{self.scratch}:{os.environ['PATH']}"

    def run_tool(
        self, *command: str | Path, **environment: str
    ) -> tuple[int, str]:
        """Run a tool in a build directory of its own.

        Return its exit status, and what it wrote to both outputs.
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
        """Copy the Makefile and the tools; return the copy's directory.

        @tools replace the tools of these names by scripts.
        """
        house = self.scratch / name
        for directory in HERE, TOOLS:
            shutil.copytree(directory, house / directory.name, symlinks=True)
        shutil.copy(PROJECT / "Makefile", house)
        replace_tools(house, tools)
        return house


def tool_path(tool: str, project: Path = PROJECT) -> Path:
    """Return where a project has a tool: in its rig, or in its own tools."""
    where = TOOLS if (TOOLS / tool).exists() else HERE
    return project / where.name / tool


def replace_tools(house: Path, tools: dict[str, str]) -> None:
    """Write these scripts in the place of the tools of the same names."""
    for tool, script in tools.items():
        path = tool_path(tool, house)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)


def copy_tools(house: Path, *tools: str) -> None:
    """Copy these tools of the rig or the project, under the same paths."""
    for tool in tools:
        path = tool_path(tool, house)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tool_path(tool), path)


def take_all() -> None:
    """Reset in a child the signals that nohup or a shell may have ignored."""
    for number in signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM:
        signal.signal(number, signal.SIG_DFL)


def make(
    house: Path,
    *args: str | Path,
    env: dict[str, str] | None = None,
    **options: Any,
) -> subprocess.CompletedProcess[str]:
    """Run make in @house as a user does; return the completed process.

    It gets only a few variables of the environment, because make has set others
    for this test run.
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name in ("HOME", "TERM", "USER")
    }
    # Find this Python first, even if the user's path has another one.
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
