"""The lower floors work where nothing of the upper ones, and none of their libraries, can be imported."""

from __future__ import annotations

import pytest

from tests.arch.house import ask_fresh_interpreter

BLOCK = """
import json, sys
class Wall:
    def __init__(self, names):
        self.names = names
    def find_spec(self, name, path=None, target=None):
        if any(name == one or name.startswith(one + ".") for one in self.names):
            raise ModuleNotFoundError(f"{name} is behind the wall", name=name)
        return None
sys.meta_path.insert(0, Wall(sys.argv[1:]))
"""

FOREIGN = ("tornado", "pscript", "webview", "msgspec", "numpy", "platformdirs", "PIL")
ROOMS = ("assets", "bridge", "runtime", "session", "native", "server", "cli", "testing", "app", "launcher")

# A component that reacts to its own property, on a loop iterated by hand.
EVENT_PROGRAM = """
from deskapp import event
class Clock(event.Component):
    text = event.StringProp("", settable=True)
    def init(self):
        self.seen = []
    @event.reaction("text")
    def show(self, *events):
        self.seen.extend(one.new_value for one in events)
clock = Clock()
event.loop.iter()
clock.set_text("noon")
event.loop.iter()
print(json.dumps(clock.seen))
"""


def test_events_work_without_anything_above_them() -> None:
    behind = [*FOREIGN, *(f"deskapp.{room}" for room in ROOMS)]
    assert ask_fresh_interpreter(BLOCK + EVENT_PROGRAM, *behind)[-1] == "noon"


@pytest.mark.parametrize("module", ["errors", "_config", "paths", "_icon"])
def test_the_ground_floor_needs_no_foreign_library_to_be_imported(module: str) -> None:
    behind = [*FOREIGN, *(f"deskapp.{room}" for room in ROOMS), "deskapp.event"]
    program = f"{BLOCK}\nimport deskapp.{module}\nprint(json.dumps('fine'))"
    assert ask_fresh_interpreter(program, *behind) == "fine"
