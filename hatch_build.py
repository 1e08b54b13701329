"""Hatchling's hook: wheels and sdists have the front-end libraries, which no commit has."""

from __future__ import annotations

import os
import runpy
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LibrariesHook(BuildHookInterface):
    """Makes the libraries if they are not there; an sdist brings them along."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before files are gathered."""
        frontend = runpy.run_path(str(Path(self.root, "devtools", "frontend.py")))

        def run(command: Sequence[str]) -> int:
            environment = {**os.environ, **frontend["certificates"]()}
            return subprocess.run(command, cwd=self.root, env=environment, stdin=subprocess.DEVNULL).returncode

        try:
            frontend["prepare_build"](Path(self.root), version, run)
        except frontend["FrontendProblem"] as problem:
            raise SystemExit(f"deskapp cannot be built: {problem}") from None
