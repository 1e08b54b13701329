from __future__ import annotations

import asyncio
import contextvars
from typing import Any

from deskapp.bridge import link
from deskapp.bridge.link import Link

ONE: Any = object()
OTHER: Any = object()


def test_there_is_no_link_outside_any_page() -> None:
    assert contextvars.Context().run(link.current) is None


def test_a_link_is_current_inside_its_block_only() -> None:
    before = link.current()
    with link.use(ONE):
        assert link.current() is ONE
        with link.use(OTHER):
            assert link.current() is OTHER
        with link.use(None):
            assert link.current() is None
        assert link.current() is ONE
    assert link.current() is before


async def test_a_task_inherits_the_link_of_who_started_it() -> None:
    async def ask() -> Link | None:
        await asyncio.sleep(0)
        return link.current()

    with link.use(ONE):
        task = asyncio.create_task(ask())
    assert await task is ONE
    assert link.current() is None


def test_a_prompt_has_a_link_for_what_is_made_outside_any_page() -> None:
    before = link.use_default(ONE)
    try:
        assert link.current() is ONE
        with link.use(OTHER):
            assert link.current() is OTHER
    finally:
        assert link.use_default(before) is ONE
    assert link.current() is before


def test_a_session_is_a_link() -> None:
    from deskapp.session import Session

    verbs = [name for name in vars(Link) if not name.startswith("_")]
    assert len(verbs) == 11
    assert all(hasattr(Session, name) for name in verbs)
