from __future__ import annotations

from typing import Any

import pytest

from deskapp.event import Component, Emitter, Loop, emitter


class Button(Component):
    @emitter
    def pressed(self, n: int) -> dict[str, Any] | None:
        """The button was pressed."""
        return {"n": n} if n else None

    @emitter
    def wrong(self) -> int:
        return 3


class Fancy(Button):
    @emitter
    def pressed(self, n: int) -> dict[str, Any] | None:
        info = super().pressed(n)
        return {**info, "fancy": True} if info else None

    def press_plainly(self) -> None:
        super().pressed(1)


def test_super_gives_what_the_base_would_emit_and_only_the_outermost_emits(loop: Loop) -> None:
    fancy = Fancy()
    events: list[Any] = []
    fancy.reaction(lambda *evs: events.extend(evs), "pressed")
    assert fancy.pressed(5) is None
    fancy.pressed(0)
    loop.iter()
    assert [(event.n, event.fancy) for event in events] == [(5, True)]


def test_super_outside_of_the_emitter_emits_what_the_base_says(loop: Loop) -> None:
    fancy = Fancy()
    events: list[Any] = []
    fancy.reaction(lambda *evs: events.extend(evs), "pressed")
    fancy.press_plainly()
    loop.iter()
    assert [dict(event) for event in events] == [{"n": 1, "type": "pressed", "source": fancy}]


def test_what_is_no_dict_cannot_be_emitted() -> None:
    button = Button()
    with pytest.raises(TypeError, match=rf"Emitter {button.id}\.wrong should return a dict or None, not 3"):
        button.wrong()


def test_an_emitter_can_be_neither_set_nor_deleted() -> None:
    button = Button()
    with pytest.raises(AttributeError, match="is an emitter"):
        button.pressed = 3
    with pytest.raises(AttributeError, match="is an emitter"):
        del button.pressed


def test_an_emitter_outlives_its_component_and_does_nothing(loop: Loop) -> None:
    button = Button()
    loop.iter()
    pressed = button.pressed
    assert isinstance(pressed, Emitter)
    assert repr(pressed) == f"<emitter 'pressed' of {button.id}>"
    del button
    assert pressed(3) is None


async def _coroutine(self: Any) -> None: ...


@pytest.mark.parametrize("thing", [3, "x", print, _coroutine])
def test_only_plain_methods_can_be_decorated(thing: Any) -> None:
    with pytest.raises(TypeError):
        emitter(thing)


def test_on_a_class_an_emitter_is_its_descriptor() -> None:
    assert Button.pressed.func.__name__ == Button.pressed.name == "pressed"
    assert Button.pressed.__doc__ == "Emitter Button.pressed: The button was pressed."
    assert repr(Button.pressed) == "<emitter descriptor 'pressed'>"
    assert Button.__emitters__ == ["pressed", "wrong"]
