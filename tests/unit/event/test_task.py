"""Actions and reactions that are coroutines."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from typing import Any

import pytest

from deskapp.event import Component, IntProp, Loop, action, reaction, use_loop

DEADLINE_S = 10.0
origin: ContextVar[str] = ContextVar("origin", default="nowhere")


@pytest.fixture
async def running() -> AsyncIterator[Loop]:
    """A loop that the test's asyncio loop drives."""
    with use_loop(Loop()) as loop:
        yield loop


async def until(condition: Callable[[], object]) -> None:
    async def wait() -> None:
        while not condition():  # noqa: ASYNC110  (the condition is any, nobody signals it)
            await asyncio.sleep(0.001)

    await asyncio.wait_for(wait(), DEADLINE_S)


class Foo(Component):
    foo = IntProp(0, settable=True)
    bar = IntProp(0, settable=True)

    def init(self) -> None:
        self.log: list[Any] = []
        self.gates: dict[Any, asyncio.Event] = {}

    def gate(self, key: object) -> asyncio.Event:
        return self.gates.setdefault(key, asyncio.Event())

    @action
    async def load(self, key: int) -> None:
        self.log.append(("begin", key))
        self._mutate_foo(key)
        await self.gate(key).wait()
        self._mutate_foo(key * 10)
        self.log.append(("end", key))

    @action(overlap=True)
    async def fetch(self, key: int) -> None:
        self.log.append(("begin", key))
        await self.gate(key).wait()
        self.log.append(("end", key))

    @action
    async def fail(self) -> None:
        await asyncio.sleep(0)
        raise ValueError("on purpose")

    @action
    async def answer(self) -> int:
        return 42

    @action
    async def look_around(self, other: Foo) -> None:
        self.log.append((self._loop.can_mutate(self), self._loop.can_mutate(other), origin.get()))
        with other:
            self.log.append((self._loop.can_mutate(self), self._loop.can_mutate(other)))
            await self.gate("inside").wait()
            self.log.append((self._loop.can_mutate(self), self._loop.can_mutate(other)))
        self.log.append((self._loop.can_mutate(self), self._loop.get_active_components()))


@pytest.fixture
def foo(running: Loop) -> Foo:
    with use_loop(running):
        return Foo()


async def test_an_async_action_mutates_before_and_after_it_waits(foo: Foo) -> None:
    events: list[int] = []
    await foo._loop.drain()
    foo.reaction(lambda *evs: events.extend(ev.new_value for ev in evs), "foo")
    assert foo.load(3) is foo
    assert foo.log == []
    await until(lambda: events == [3])
    assert not foo._loop.can_mutate(foo)
    foo.gate(3).set()
    await until(lambda: events == [3, 30])


async def test_calls_of_one_action_run_one_after_the_other(foo: Foo) -> None:
    foo.load(1)
    foo.load(2)
    foo.gate(2).set()
    await until(lambda: foo.log)
    await asyncio.sleep(0)
    assert foo.log == [("begin", 1)]
    foo.gate(1).set()
    await until(lambda: foo.foo == 20)
    assert foo.log == [("begin", 1), ("end", 1), ("begin", 2), ("end", 2)]


async def test_calls_that_may_overlap_do(foo: Foo) -> None:
    foo.fetch(1)
    foo.fetch(2)
    await until(lambda: len(foo.log) == 2)
    foo.gate(2).set()
    await until(lambda: foo.log[2:] == [("end", 2)])
    foo.gate(1).set()
    await until(lambda: foo.log[3:] == [("end", 1)])


def test_calls_that_may_overlap_all_start_once_there_is_an_asyncio_loop() -> None:
    with use_loop(Loop()) as loop:
        foo = Foo()
        for key in (1, 2, 3):
            foo.fetch(key)
        loop.iter()
        assert foo.log == []

        async def main() -> None:
            loop.integrate()
            await until(lambda: len(foo.log) == 3)

        asyncio.run(main())
        assert foo.log == [("begin", 1), ("begin", 2), ("begin", 3)]


async def test_calls_on_different_components_do_not_wait_for_each_other(foo: Foo, running: Loop) -> None:
    other = type(foo)()
    other._loop = running
    foo.load(1)
    other.load(2)
    await until(lambda: foo.log and other.log)


async def test_a_failing_async_action_is_logged_and_the_next_call_runs(
    foo: Foo, caplog: pytest.LogCaptureFixture
) -> None:
    foo.fail()
    foo.fail()
    await until(lambda: len(caplog.messages) == 2)
    assert caplog.messages == [f"Action {foo.id}.fail failed: ValueError: on purpose"] * 2


async def test_a_value_that_an_async_action_returns_is_warned_about(foo: Foo, caplog: pytest.LogCaptureFixture) -> None:
    foo.answer()
    await until(lambda: caplog.messages)
    assert "answer should not return a value, but returned 42" in caplog.text


async def test_disposing_cancels_what_runs_and_forgets_what_waits(foo: Foo, caplog: pytest.LogCaptureFixture) -> None:
    foo.load(1)
    foo.load(2)
    await until(lambda: foo.log)
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    foo.dispose()
    await until(lambda: all(task.done() for task in tasks))
    foo.gate(1).set()
    await asyncio.sleep(0)
    assert foo.log == [("begin", 1)]
    assert caplog.messages == []


async def test_contexts_belong_to_the_task_and_context_variables_to_the_caller(foo: Foo) -> None:
    other = type(foo)()
    token = origin.set("here")
    with foo:
        foo.look_around(other)  # called at once; nothing of this context is inherited
    origin.reset(token)
    await until(lambda: len(foo.log) == 2)
    assert foo.log == [(True, True, "here"), (False, True)]
    assert foo._loop.get_active_components() == ()
    foo.gate("inside").set()
    await until(lambda: len(foo.log) == 4)
    assert foo.log[2:] == [(False, True), (True, ())]


async def test_an_async_action_awaits_that_of_its_base(running: Loop) -> None:
    class Sub(Foo):
        @action
        async def load(self, key: int) -> None:
            self.log.append("before")
            await super().load(key)
            self.log.append("after")

    with use_loop(running):
        sub = Sub()
    sub.gate(1).set()
    sub.load(1)
    await until(lambda: sub.log[-1:] == ["after"])
    assert sub.log == ["before", ("begin", 1), ("end", 1), "after"]


def test_without_asyncio_an_async_action_waits_until_there_is_one(loop: Loop) -> None:
    foo = Foo()
    foo.gate(1).set()
    foo.load(1)
    loop.iter()
    assert foo.log == []

    async def main() -> None:
        loop.integrate()
        await until(lambda: foo.foo == 10)

    asyncio.run(main())


def test_an_async_action_that_was_cancelled_before_there_was_asyncio_never_runs(loop: Loop) -> None:
    foo = Foo()
    foo.load(1)
    loop.iter()
    foo.dispose()

    async def main() -> None:
        loop.integrate()
        await loop.drain()

    asyncio.run(main())
    gc.collect()
    assert foo.log == []


async def test_an_async_action_can_be_called_from_another_thread(foo: Foo) -> None:
    foo.gate(1).set()
    await asyncio.to_thread(foo.load, 1)
    await until(lambda: foo.foo == 10)


async def test_events_that_come_while_an_async_reaction_runs_merge_into_its_next_call(running: Loop) -> None:
    class Slow(Foo):
        @reaction("foo")
        async def show(self, *events: Any) -> None:
            self.log.append([event.new_value for event in events])
            await self.gate("go").wait()
            self.log.append("done")

    with use_loop(running):
        slow = Slow()
    await until(lambda: slow.log == [[0]])
    for value in (1, 2):
        slow.set_foo(value)
        await running.drain()
    slow.set_foo(3)
    await running.drain()
    assert slow.log == [[0]]
    slow.gate("go").set()
    await until(lambda: len(slow.log) == 4)
    assert slow.log == [[0], "done", [1, 2, 3], "done"]


async def test_an_async_reaction_may_not_mutate(running: Loop, caplog: pytest.LogCaptureFixture) -> None:
    class Bad(Foo):
        @reaction("foo")
        async def show(self, *events: Any) -> None:
            await asyncio.sleep(0)
            self._mutate_bar(3)

    with use_loop(running):
        bad = Bad()
    await until(lambda: caplog.messages)
    assert caplog.messages[0].startswith(f"Reaction {bad.id}.show failed: AttributeError: Trying to mutate")


async def test_an_async_auto_reaction_follows_what_it_reads_before_and_after_it_waits(running: Loop) -> None:
    class Auto(Foo):
        @reaction
        async def show(self) -> None:
            foo = self.foo
            await asyncio.sleep(0)
            self.log.append((foo, self.bar))

    with use_loop(running):
        auto = Auto()
    await until(lambda: auto.log == [(0, 0)] and auto.get_event_handlers("bar"))
    auto.set_bar(2)
    await until(lambda: auto.log[1:] == [(0, 2)])
    auto.set_foo(1)
    await until(lambda: auto.log[2:] == [(1, 2)])
    assert running._tracking is None


async def test_what_is_awaited_may_fail_inside_the_coroutine(foo: Foo) -> None:
    class Careful(Foo):
        @action
        async def try_it(self) -> None:
            future = asyncio.get_running_loop().create_future()
            future.set_exception(KeyError("x"))
            try:
                await future
            except KeyError:
                self._mutate_foo(7)

    careful = Careful()
    careful.try_it()
    await until(lambda: careful.foo == 7)
