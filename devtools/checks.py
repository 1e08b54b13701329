"""The checks of `dev.py test`, `lint` and `bench`, as steps."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from devtools.display import Screen
from devtools.environment import LEAST, ensure_environment, further_interpreters, left_out
from devtools.libraries import fetch_libraries, has_libraries, has_npm
from devtools.report import ROOT, SetupProblem, Steps, run, run_aside

TOOLKITS = {"gtk": "GTK", "qt": "Qt"}
SELDOM = ("3.12",)
"""Pythons between the oldest and the newest; with the long tests only."""
OF_ALL_PYTHONS = ("tests/arch", "tests/devtools", "tests/docs", "tests/plots")
"""What these tests find is the same on every Python; the last ones need libraries that only `FULL` brings."""
NODE = (20, 11)
"""The oldest Node.js whose test runner can be given a time limit."""
SLOWEST = "--durations=20"
"""What takes long is to be seen, before all of it takes too long."""

NODE_LIMIT_S = 60
"""What one file of JavaScript tests may take, and each test in it; they take a second or two."""


def lint(steps: Steps, python: Path) -> None:
    """Style, formatting, types, floors, generated pages, change fragments."""
    tools = python.parent
    steps.do("ruff check", lambda: run([python, "-m", "ruff", "check", "."]))
    steps.do("ruff format", lambda: run([python, "-m", "ruff", "format", "--check", "."]))
    steps.do("mypy", lambda: run([python, "-m", "mypy"]))
    steps.do("lint-imports", lambda: run([tools / "lint-imports", "--no-logo"]))
    steps.do("reference pages", lambda: reference(python, "--check"))
    draft = ["build", "--draft", "--version", "next"]
    steps.do("change fragments", lambda: run([python, "-m", "towncrier", *draft], quiet=True))


def reference(python: Path, *options: str) -> int:
    """Write the generated pages of the documents, or with ``--check`` compare them."""
    return run([python, "-m", "devtools.reference", *options])


def client(steps: Steps) -> None:
    """The JavaScript side, where there is Node.js."""
    name = "node --test"
    files = sorted((ROOT / "tests" / "client").glob("*.test.js"))
    if not files:
        steps.leave_out(name, "there are no tests/client/*.test.js")
    elif node_version() < NODE:
        steps.leave_out(name, f"there is no Node.js on PATH ({NODE[0]}.{NODE[1]} or newer)")
    else:
        steps.do(name, lambda: node_test([file.relative_to(ROOT) for file in files]))


def libraries(steps: Steps) -> None:
    """The libraries from npm, where it is; without them the tests of what uses one are left out."""
    name = "npm ci, libraries"
    if not has_libraries() and not has_npm():
        steps.leave_out(name, "there is no npm on PATH; two examples and pages of scripts cannot be tested")
        return

    def fetch() -> int:
        fetch_libraries()
        return 0

    steps.do(name, fetch)


def node_version() -> tuple[int, ...]:
    """The version of the Node.js on PATH; empty if there is none."""
    node = shutil.which("node")
    if node is None:
        return ()
    shown = subprocess.run([node, "--version"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True).stdout
    return tuple(int(part) for part in shown.strip().removeprefix("v").split(".") if part.isdigit())


def node_test(files: Sequence[Path], *, limit_s: float = NODE_LIMIT_S) -> int:
    """Run JavaScript tests; a file that does not end within `limit_s` is ended, and is a failure."""
    return run(["node", "--test", f"--test-timeout={int(1000 * limit_s)}", *files])


def every_test(steps: Steps, python: Path, screen: Screen, *, with_long: bool) -> None:
    """All tests: those that open windows, and meanwhile those that need no screen, on every Python that is here.

    A window waits for its engine half of the time; in the other half it comes first. The windows of further toolkits,
    which are few, come when those of the first are done, or nearly.
    """
    first, *further = _windows(python, screen, with_long=with_long)
    windowless = _windowless(steps, python, with_long=with_long)
    *early, last = windowless.items()
    late = [(one.name, one.aside) for one in further]
    steps.do_together({first.name: first.in_front, **dict([*early, *late, last])})


@dataclass(frozen=True)
class _WindowTests:
    """The tests of one toolkit's windows."""

    name: str
    python: Path
    marks: Sequence[str]
    env: Mapping[str, str]
    is_absent: str = ""

    def in_front(self) -> int:
        """Run them, and show what they say at once."""
        self._check()
        return _pytest(self.python, self.marks, env=self.env)

    def aside(self) -> int:
        """Run them beside others."""
        self._check()
        return _pytest_aside(self.python, self.marks, env=self.env, gently=False)

    def _check(self) -> None:
        if self.is_absent:
            problem = f"{self.is_absent} could not be installed: delete .venv to try again, and read what pip says."
            raise SetupProblem(problem)


def _windows(python: Path, screen: Screen, *, with_long: bool) -> list[_WindowTests]:
    """The tests that open windows, and those that the toolkit may change once more with each further one."""
    length = [] if with_long else ["not long"]
    if not sys.platform.startswith("linux"):
        return [_WindowTests("pytest, windows", python, ["desktop", *length], screen.env)]
    absent = left_out(ROOT / ".venv")
    found: list[_WindowTests] = []
    for toolkit, shown in TOOLKITS.items():
        marks = ["desktop", *length] if not found else ["desktop", "not once", *length]
        env = {**screen.env, "DESKAPP_TOOLKIT": toolkit}
        is_absent = toolkit if toolkit in absent else ""
        found.append(_WindowTests(f"pytest, windows of {shown}", python, marks, env, is_absent))
    return found


def _windowless(steps: Steps, python: Path, *, with_long: bool) -> dict[str, Callable[[], int]]:
    """The tests that need no screen, on this Python and on the others that are here."""
    length = [] if with_long else ["not long"]
    lane: dict[str, Callable[[], int]] = {"pytest, no windows": lambda: _pytest_aside(python, ["not desktop", *length])}
    for version, interpreter in further_interpreters().items():
        if version in SELDOM and not with_long:
            continue
        name = f"pytest, no windows, {version}"
        if interpreter is None:
            steps.leave_out(name, f"there is no Python {version} with venv here")
            continue

        def step(version: str = version, interpreter: Path = interpreter) -> int:
            further = ensure_environment(ROOT / ".venvs" / version, interpreter, LEAST)
            return _pytest_aside(further, ["not desktop", "not long"], without=OF_ALL_PYTHONS)

        lane[name] = step
    return lane


def windowless(steps: Steps, python: Path) -> None:
    """The tests of this Python that need no screen."""
    steps.do("pytest, no windows", lambda: _pytest(python, ["not desktop", "not long"]))


def chosen(steps: Steps, python: Path, screen: Screen, arguments: Sequence[str]) -> None:
    """Just pytest, with the arguments of the person who asks."""
    steps.do("pytest " + " ".join(arguments), lambda: run([python, "-m", "pytest", *arguments], env=screen.env))


def bench(steps: Steps, python: Path, screen: Screen, names: Sequence[str]) -> None:
    """The benchmarks, or those with one of `names` in their own."""
    steps.do("benchmarks", lambda: run([python, "-m", "benchmarks", *names], env=screen.env))


def _pytest_aside(
    python: Path,
    marks: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    without: Sequence[str] = (),
    gently: bool = True,
) -> int:
    ignored = [f"--ignore={folder}" for folder in without]
    command: list[str | Path] = [python, "-m", "pytest", "-q", SLOWEST, "-m", " and ".join(marks)]
    command += ["-p", "no:cacheprovider"]
    return run_aside([*command, *ignored], env=env, gently=gently)


def _pytest(
    python: Path, marks: Sequence[str], *, env: Mapping[str, str] | None = None, options: Sequence[str] = ()
) -> int:
    chosen_marks = ["-m", " and ".join(marks)] if marks else []
    return run([python, "-m", "pytest", "-q", SLOWEST, *chosen_marks, *options], env=env)
