"""Tell of every runtime why it cannot work here and what to do about it; nothing if it can."""

from __future__ import annotations

from benchmarks._child import tell
from deskapp.runtime import report

if __name__ == "__main__":
    tell({one.name: "" if one.ok else f"{one.reason}: {one.remedy}".rstrip(": ") for one in report()})
