"""What the command line's tests share: forgetting what they made Python import."""

from __future__ import annotations

import sys
from pathlib import Path


def forget_modules_in(folder: Path) -> None:
    """Take the modules that came from `folder` out of the table of imported ones, so that tests stay apart."""
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(str(folder)):
            del sys.modules[name]
