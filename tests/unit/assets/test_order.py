from __future__ import annotations

from dataclasses import dataclass

import pytest

from deskapp.assets import in_order
from deskapp.errors import DependencyCycle


@dataclass(frozen=True)
class Thing:
    name: str
    deps: tuple[str, ...] = ()


def names(*things: Thing) -> str:
    return " ".join(thing.name for thing in in_order(things))


def test_what_is_needed_comes_first() -> None:
    assert names(Thing("a", ("c",)), Thing("b", ("a", "c")), Thing("c")) == "c a b"


def test_the_given_order_is_kept_where_there_is_a_choice() -> None:
    assert names(Thing("z"), Thing("a"), Thing("m", ("a",))) == "z a m"


def test_names_that_nobody_bears_are_ignored() -> None:
    assert names(Thing("a", ("elsewhere",))) == "a"


def test_a_circle_is_named() -> None:
    with pytest.raises(DependencyCycle, match="b → c → d → b"):
        in_order([Thing("a", ("b",)), Thing("b", ("c",)), Thing("c", ("d",)), Thing("d", ("b",))])
