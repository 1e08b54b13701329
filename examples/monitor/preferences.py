"""What the person chose, kept from one start to the next."""

import json
import logging
from pathlib import Path
from typing import Any

from deskapp.paths import app_paths, atomic_write

logger = logging.getLogger(__name__)


def file() -> Path:
    """Where they are kept."""
    return app_paths("deskapp-monitor").config / "preferences.json"


def load() -> dict[str, Any]:
    """What was kept; nothing if there is no such file, or none that can be read."""
    try:
        found = json.loads(file().read_text(encoding="utf-8"))
        return dict(found)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError) as error:
        logger.warning("The preferences in %s cannot be read: %s", file(), error)
        return {}


def save(values: dict[str, Any]) -> None:
    """Keep these; a crash leaves the old file or the new one."""
    atomic_write(file(), json.dumps(values, indent=2) + "\n")
