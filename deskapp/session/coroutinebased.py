"""Where older programs find `TaskHandler`."""

from __future__ import annotations

from deskapp.session._tasks import TaskHandler

__all__ = ["TaskHandler"]
