from __future__ import annotations

import gc
import weakref

from deskapp.event import Component, Loop
from deskapp.event._links import Links


def test_an_update_tells_what_it_dropped_and_what_it_added() -> None:
    owner, one, two = Component(), Component(), Component()
    links = Links()
    assert links.update([(one, "x"), (owner, "y")], owner) == ([], [(one, "x"), (owner, "y")])
    assert links.update([(owner, "y"), (two, "x"), (two, "x")], owner) == ([(one, "x")], [(two, "x")])
    assert links.pairs() == [(owner, "y"), (two, "x")]
    assert links.has(two, "x")
    assert not links.has(one, "x")
    links.forget(two)
    assert links.clear() == [(owner, "y")]
    assert links.pairs() == []


def test_the_owner_is_held_weakly_and_others_strongly(loop: Loop) -> None:
    owner, other = Component(), Component()
    loop.iter()
    links = Links()
    links.update([(owner, "x"), (other, "x")], owner)
    gone, held = weakref.ref(owner), weakref.ref(other)
    del owner, other
    gc.collect()
    assert gone() is None
    assert held() is not None
    assert len(links.pairs()) == 1
