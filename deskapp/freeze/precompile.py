"""Makes the JavaScript of a product before it is frozen: runs its entry in a child process that launches nothing."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deskapp.errors import BuildFailed, SpecError, TranspileError
from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.entry import import_paths, product_facts
from deskapp.freeze.tools import TAIL_LINES, Log, run_until
from deskapp.paths import atomic_write

MANIFEST = "deskapp_manifest.json"
"""Name of the file in the root of the bundle."""


@dataclass(frozen=True)
class Collected:
    """What a product was found to need.

    Attributes:
        manifest: The file that goes into the root of the bundle under the name `MANIFEST`.
        modules: Names of the modules that were imported from the project, or that the product names, sorted.
        runtimes: What `launch` was given to show windows, as written, for example ``("app or browser",)``, sorted.
        apps: Names of the apps that were launched, served or exported, sorted.
        warnings: Sentences about what could not be looked at.
    """

    manifest: Path
    modules: tuple[str, ...]
    runtimes: tuple[str, ...]
    apps: tuple[str, ...]
    warnings: tuple[str, ...] = ()


DEADLINE_S = 120.0
"""For each of the two runs. A program that takes longer to import than this does not only import."""

_STAGE = "precompile"
_OWN_FAULT = 70  # as of `deskapp._collect`
_TOLD_IN_DETAIL = ("entry", "includes")


def precompile(spec: FreezeSpec, target: Path, *, log: Log | None = None, deadline_s: float = DEADLINE_S) -> Collected:
    """Run the product's entry in child processes that launch nothing, make all its JavaScript, and prove it whole.

    The keys of the manifest are digests of compiled Python: it fits what the same version of Python compiles, without
    ``-O``.

    The first child makes the manifest; the second one, which has no PScript, has to find everything there.

    Args:
        spec: The product.
        target: Folder for the manifest; made if need be.
        log: Takes the lines of progress, and what the program writes meanwhile.
        deadline_s: Seconds for each child.

    Raises:
        SpecError: The entry does not import, or never ends; the text shows why. Or a setting of the table is wrong.
        TranspileError: Something of the product cannot become JavaScript.
        BuildFailed: Its JavaScript cannot be put together.
    """
    target.mkdir(parents=True, exist_ok=True)
    manifest = target / MANIFEST
    request: dict[str, Any] = {
        "project": str(spec.project),
        "paths": [str(folder) for folder in import_paths(spec)],
        "product": product_facts(spec),
        "settings": {"app_id": spec.app_id, "runtime": spec.runtime},
        "includes": list(spec.includes),
        "manifest": str(manifest),
    }
    answer = _ask({**request, "check": False}, spec, log, deadline_s)
    again = _ask({**request, "check": True}, spec, log, deadline_s)
    warnings = tuple(dict.fromkeys((*answer["warnings"], *again["warnings"])))
    if log is not None:
        for warning in warnings:
            log(f"warning: {warning}")
        log(f"{MANIFEST}: {manifest.stat().st_size} bytes, apps: {', '.join(answer['apps']) or 'none'}")
    return Collected(manifest, tuple(answer["modules"]), tuple(answer["runtimes"]), tuple(answer["apps"]), warnings)


def _ask(request: Mapping[str, Any], spec: FreezeSpec, log: Log | None, deadline_s: float) -> dict[str, Any]:
    """Have a child answer a request."""
    with tempfile.TemporaryDirectory(prefix="deskapp-") as folder:
        question, answer = Path(folder, "request.json"), Path(folder, "answer.json")
        atomic_write(question, json.dumps({**request, "answer": str(answer)}))
        command = [sys.executable, "-m", "deskapp._collect", str(question)]
        environment = _environment(Path(folder))
        words, exit_code = run_until(command, env=environment, cwd=spec.project, deadline_s=deadline_s)
        lines = words.splitlines()
        if log is not None:
            for line in lines:
                log(line)
        said = "\n".join(deque(lines, TAIL_LINES))
        if exit_code is None:
            why = f"{spec.entry} did not come to its end within {deadline_s:g} s while it was imported"
            advice = "have it work, or ask, in init() or under `if __name__ == '__main__'` after launch()"
            raise SpecError("entry", f"{why}; {advice}.{_with(said)}")
        if not answer.is_file():
            if exit_code == _OWN_FAULT:
                raise BuildFailed(_STAGE, command=command, exit_code=exit_code, log=said)
            raise SpecError("entry", f"{spec.entry} ended the process with exit code {exit_code}.{_with(said)}")
        found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    error = found.get("error")
    if error is None:
        return found
    if error == "transpile":
        raise TranspileError(*found["facts"])
    text = str(found["text"])
    if error == "code":
        raise BuildFailed(_STAGE, command=["transpile", str(spec.entry)], exit_code=1, log=text)
    if error == "entry_name":
        raise SpecError("entry", text)
    if error in _TOLD_IN_DETAIL:
        raise SpecError(error, f"{spec.entry} does not import:\n{text}{_with(said)}")
    raise SpecError(str(found.get("key", error)), text)


def _with(said: str) -> str:
    return f"\nIt wrote:\n{said}" if said.strip() else ""


def _environment(runtime: Path) -> dict[str, str]:
    """The environment of a child: nothing of ours decides, and what it makes goes with the folder `runtime`."""
    ours = str(Path(__file__).parents[2])
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DESKAPP_")}
    environ["PYTHONPATH"] = os.pathsep.join(part for part in (environ.get("PYTHONPATH", ""), ours) if part)
    environ["XDG_RUNTIME_DIR"] = str(runtime)  # locks and sockets of processes go with the folder
    environ["PYTHONIOENCODING"] = "utf-8"
    return environ
