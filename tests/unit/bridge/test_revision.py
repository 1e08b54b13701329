"""Runs tests/vectors/model/revision.json with real Models on Python's side, and the page's rule on the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskapp import event
from deskapp.bridge.model import Model
from deskapp.bridge.revision import PageEnd, Verdict, is_settled
from deskapp.event import Loop, use_loop
from deskapp.testing import AppHarness

CASES = json.loads((Path(__file__).parents[2] / "vectors" / "model" / "revision.json").read_text(encoding="utf-8"))

Validator = Callable[[Any], Any]


def even(value: int) -> int:
    if value % 2:
        raise ValueError(f"{value} is odd")
    return value


VALIDATORS: dict[str, tuple[Validator, Validator]] = {
    "plus one": (lambda v: int(v) + 1, lambda v: int(v) + 1),
    "at most 100": (lambda v: min(v, 100), lambda v: min(v, 100)),
    "in Python at most 100": (lambda v: min(v, 100), lambda v: v),
    "in Python no odd numbers": (even, lambda v: v),
}
"""What Python does and what the page does."""


class Holder(Model):
    validator: Validator = staticmethod(lambda v: v)

    class Both:
        @event.prop
        def shared(self: Any, v: Any) -> Any:
            return self.validator(v)


class Page:
    """What the page's half does, by the rule that `client/revision.js` mirrors."""

    def __init__(self, start: object, validator: Validator) -> None:
        self.held, self._validator, self._end = start, validator, PageEnd()

    def set(self, value: object) -> list[Any]:
        validated = self._validator(value)
        if validated == self.held:
            return []
        self.held = validated
        return [[validated, self._end.set_here()]]

    def receive(self, value: object, mark: list[int]) -> list[Any]:
        verdict = self._end.receives(mark)
        if verdict is Verdict.DROP:
            return []
        self.held = self._validator(value) if verdict is Verdict.VALIDATE else value
        return [] if self.held == value else [[self.held, self._end.set_here()]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_vectors(case: dict[str, Any]) -> None:
    in_python, in_page = VALIDATORS[case["validator"]]
    with use_loop(Loop()), AppHarness() as app:
        holder = app.launch(Holder)
        holder._say_nothing(lambda: holder._store("shared", case["start"]))
        holder.validator = in_python
        client: Any = app.page(holder, obedient=False)
        client.messages.clear()
        page = Page(case["start"], in_page)
        for step, given, held, sent in case["steps"]:
            if step == "page":
                said = page.set(given)
            elif step == "to page":
                said = page.receive(*given)
            else:
                if step == "python":
                    holder.shared = given
                else:
                    client.send(_emit(holder.id, *given))
                app.settle()
                said = [[message.value, message.index] for message in client.messages if _is_value(message)]
                client.messages.clear()
            assert said == sent, step
            assert (page.held if "page" in step else holder.shared) == held, step


def _emit(component_id: str, value: object, mark: list[int]) -> Any:
    from deskapp.bridge.messages import EMIT

    return EMIT(component_id, "shared", "set", value, mark)


def _is_value(message: Any) -> bool:
    return getattr(message, "type", "") == "shared"


def test_a_validator_that_refuses_its_own_result_is_not_settled() -> None:
    assert is_settled(lambda v: v, 3, lambda a, b: a == b)
    assert not is_settled(lambda v: int(v) + 1, 3, lambda a, b: a == b)  # type: ignore[call-overload]
    assert not is_settled(even, 3, lambda a, b: a == b)  # type: ignore[arg-type]
