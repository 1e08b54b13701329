from __future__ import annotations

import pytest

from deskapp.event import Attribute, Component


class Thing(Component):
    kind = Attribute(doc="What it is.")

    def init(self, kind: str | None = None) -> None:
        if kind:
            self._kind = kind


def test_an_attribute_is_what_the_component_holds_under_its_private_name() -> None:
    assert Thing("cat").kind == "cat"


def test_an_attribute_can_be_neither_set_nor_deleted() -> None:
    thing = Thing("cat")
    with pytest.raises(AttributeError, match=r"Cannot set attribute 'kind' of Thing\d+"):
        thing.kind = "dog"
    with pytest.raises(AttributeError, match="Cannot delete"):
        del thing.kind


def test_an_attribute_that_holds_nothing_says_so() -> None:
    with pytest.raises(AttributeError, match="holds nothing"):
        _ = Thing().kind


def test_an_attribute_is_documented_with_class_and_name() -> None:
    assert Thing.kind.__doc__ == "Attribute Thing.kind: What it is."
    assert Thing.__attributes__ == ["id", "kind"]


def test_doc_must_be_a_text() -> None:
    with pytest.raises(TypeError, match="3"):
        Attribute(3)  # type: ignore[arg-type]
