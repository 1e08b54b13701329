"""PyInstaller as it is by itself: without the hooks that deskapp brings for everybody who freezes a program of it."""

from __future__ import annotations

import importlib.metadata
import sys
from typing import Any

GROUP = "pyinstaller40"


def main() -> None:
    """Run PyInstaller with our own arguments."""
    of_all: Any = importlib.metadata.entry_points

    def entry_points(**wanted: Any) -> Any:
        found = of_all(**wanted)
        if wanted.get("group") != GROUP:
            return found
        return tuple(one for one in found if not one.value.startswith("deskapp"))

    importlib.metadata.entry_points = entry_points
    from PyInstaller.__main__ import run

    run(sys.argv[1:])


if __name__ == "__main__":
    main()
