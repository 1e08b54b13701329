from __future__ import annotations

import asyncio
import gc
import logging
import sys
import threading
from collections.abc import Callable
from contextvars import Context, ContextVar

import pytest

from deskapp.errors import WrongThread
from deskapp.event import Component, IntProp, Loop, action, current_loop, reaction, use_loop
from deskapp.event import _loop as loop_module

DEADLINE_S = 10.0


class Foo(Component):
    foo = IntProp(0, settable=True)

    def init(self) -> None:
        self.seen: list[int] = []

    @action
    def fail(self) -> None:
        raise ValueError("on purpose")

    @reaction("foo")
    def _show(self, *events: object) -> None:
        self.seen.append(self.foo)


def in_thread(func: Callable[[], object]) -> None:
    """Run a function in another thread to its end; what it raises is raised here."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            func()
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="other")
    thread.start()
    thread.join(DEADLINE_S)
    assert not thread.is_alive()
    if errors:
        raise errors[0]


async def until(condition: Callable[[], object]) -> None:
    async def wait() -> None:
        while not condition():  # noqa: ASYNC110  (the condition is any, nobody signals it)
            await asyncio.sleep(0.001)

    await asyncio.wait_for(wait(), DEADLINE_S)


# Threads


def test_a_loop_belongs_to_the_thread_that_made_it(loop: Loop) -> None:
    assert loop.owner is threading.current_thread()
    with pytest.raises(WrongThread, match=r"from thread 'other', but the loop belongs to 'MainThread'"):
        in_thread(loop.iter)


def test_actions_may_be_called_on_any_thread(loop: Loop) -> None:
    foo = Foo()
    in_thread(lambda: foo.set_foo(3))
    assert foo.foo == 0
    loop.iter()
    assert foo.foo == 3


def test_an_action_called_on_another_thread_while_one_runs_here_is_queued(loop: Loop) -> None:
    class Bar(Foo):
        @action
        def go(self) -> None:
            in_thread(lambda: self.set_foo(3))
            self.during = self.foo

    bar = Bar()
    bar.go()
    loop.iter()
    assert (bar.during, bar.foo) == (0, 0)
    loop.iter()
    assert bar.foo == 3


def test_another_thread_can_neither_emit_nor_connect_nor_make_components(loop: Loop) -> None:
    foo = Foo()
    for attempt in (
        lambda: foo.emit("foo"),
        lambda: foo.reaction(print, "foo"),
        lambda: foo.disconnect("foo"),
        lambda: foo.dispose(),
        lambda: foo.__enter__(),
        lambda: loop.add_reaction_event(foo._show),
    ):
        with pytest.raises(WrongThread):
            in_thread(attempt)

    def make() -> None:
        with use_loop(loop):
            Foo()

    with pytest.raises(WrongThread, match="Foo was made"):
        in_thread(make)


def test_on_another_thread_nothing_is_active_and_nothing_can_be_mutated(loop: Loop) -> None:
    foo = Foo()
    found: list[object] = []
    with foo:
        assert loop.get_active_component() is foo
        assert loop.get_active_components() == (foo,)
        in_thread(
            lambda: found.extend([loop.get_active_component(), loop.get_active_components(), loop.can_mutate(foo)])
        )
    assert found == [None, (), False]
    assert loop.get_active_component() is None


def test_ownership_can_be_taken_over(loop: Loop) -> None:
    foo = Foo()
    foo.set_foo(2)

    def work() -> None:
        loop.take_over()
        loop.iter()

    in_thread(work)
    assert foo.foo == 2
    with pytest.raises(WrongThread):
        loop.iter()


def test_calls_from_many_threads_all_arrive(loop: Loop) -> None:
    count, threads_count = 500, 4
    calls: list[int] = []

    def work() -> None:
        for i in range(count):
            loop.call_soon(calls.append, i)

    threads = [threading.Thread(target=work) for _ in range(threads_count)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        loop.iter()
    loop.iter()
    assert len(calls) == count * threads_count


# asyncio


async def test_a_loop_made_while_asyncio_runs_is_driven_by_it() -> None:
    loop = Loop()
    with use_loop(loop):
        foo = Foo()
        foo.set_foo(4)
        await until(lambda: foo.seen == [4])
        assert not loop.has_pending()


def test_a_loop_made_before_binds_itself_when_it_is_needed_while_asyncio_runs() -> None:
    loop = Loop()

    async def main() -> None:
        foo.set_foo(4)
        await until(lambda: foo.seen[-1:] == [4])

    with use_loop(loop):
        foo = Foo()
        asyncio.run(main())
        asyncio.run(main_again(foo))


async def main_again(foo: Foo) -> None:
    foo.set_foo(5)
    await until(lambda: foo.seen[-1:] == [5])


async def test_integrating_runs_what_is_queued_and_makes_the_thread_the_owner() -> None:
    loops: list[Loop] = []
    calls: list[str] = []
    in_thread(lambda: loops.append(Loop()))
    loop = loops[0]
    loop.call_soon(calls.append, "x")
    loop.integrate()
    assert loop.owner is threading.current_thread()
    await until(lambda: calls == ["x"])


def test_integrating_with_reset_forgets_what_is_queued(loop: Loop) -> None:
    calls: list[str] = []

    async def main() -> None:
        loop.integrate(reset=True)
        loop.call_soon(calls.append, "new")
        await until(lambda: calls)

    loop.call_soon(calls.append, "old")
    asyncio.run(main())
    assert calls == ["new"]


def test_integrating_needs_an_asyncio_loop(loop: Loop) -> None:
    with pytest.raises(RuntimeError):
        loop.integrate()


def test_an_asyncio_loop_that_does_not_run_yet_can_be_given(loop: Loop) -> None:
    aio = asyncio.new_event_loop()
    calls: list[str] = []
    try:
        loop.integrate(aio)
        loop.call_soon(calls.append, "x")
        loop.call_soon(aio.stop)
        aio.run_forever()
    finally:
        aio.close()
    assert calls == ["x"]


async def test_a_detached_loop_keeps_its_queues_and_does_not_bind_itself() -> None:
    loop = Loop()
    calls: list[str] = []
    loop.call_soon(calls.append, "x")
    loop.detach()
    loop.call_soon(calls.append, "y")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert calls == []
    assert loop.has_pending()
    loop.integrate()
    await until(lambda: calls == ["x", "y"])


async def test_a_batch_wakes_asyncio_once(monkeypatch: pytest.MonkeyPatch) -> None:
    aio = asyncio.get_running_loop()
    loop = Loop()
    wakes: list[object] = []
    original = aio.call_soon

    def call_soon(callback, *args, **keywords):  # type: ignore[no-untyped-def]
        if getattr(callback, "__self__", None) is loop:
            wakes.append(callback)
        return original(callback, *args, **keywords)

    monkeypatch.setattr(aio, "call_soon", call_soon)
    with use_loop(loop):
        foo = Foo()
        for i in range(100):
            foo.set_foo(i)
        await until(lambda: foo.seen)
    assert len(wakes) == 1
    assert foo.seen == [99]


async def test_a_call_from_another_thread_wakes_asyncio() -> None:
    loop = Loop()
    ran_on: list[threading.Thread] = []
    in_thread(lambda: loop.call_soon(lambda: ran_on.append(threading.current_thread())))
    await until(lambda: ran_on)
    assert ran_on == [threading.current_thread()]


def test_what_is_queued_after_asyncio_has_closed_waits_for_the_next_one(loop: Loop) -> None:
    calls: list[str] = []

    async def main() -> None:
        loop.integrate()

    asyncio.run(main())
    loop.call_soon(calls.append, "x")
    in_thread(lambda: loop.call_soon(calls.append, "y"))
    assert loop.has_pending()
    loop.iter()
    assert calls == ["x", "y"]


async def test_draining_waits_until_nothing_is_queued(loop: Loop) -> None:
    foo = Foo()
    foo.reaction(lambda *_: foo.set_foo(min(5, foo.foo + 1)), "foo")
    foo.set_foo(1)
    await loop.drain()
    assert foo.foo == 5


async def test_draining_gives_up_in_time(loop: Loop) -> None:
    foo = Foo()
    foo.reaction(lambda *_: foo.set_foo(foo.foo + 1), "foo")
    foo.set_foo(1)
    with pytest.raises(TimeoutError, match="did not come to rest"):
        await loop.drain(timeout_s=0.05)


# Iterations


def test_the_end_of_an_iteration_comes_after_its_reactions(loop: Loop) -> None:
    foo = Foo()
    loop.iter()
    log: list[str] = []
    foo.reaction(lambda *_: log.append("reaction"), "foo")
    loop.call_at_end(lambda: log.append("end"))
    loop.call_soon(lambda: loop.call_at_end(lambda: log.append("end, asked for meanwhile")))
    foo.set_foo(1)
    assert loop.has_pending()
    loop.iter()
    assert log == ["reaction", "end", "end, asked for meanwhile"]
    loop.iter()
    assert len(log) == 3


def test_what_the_end_of_an_iteration_asks_for_comes_with_the_next(loop: Loop) -> None:
    log: list[str] = []
    loop.call_at_end(lambda: loop.call_at_end(lambda: log.append("second")))
    loop.iter()
    assert log == []
    assert loop.has_pending()
    loop.iter()
    assert log == ["second"]


async def test_asking_for_the_end_of_an_iteration_brings_one_about() -> None:
    loop = Loop()
    log: list[str] = []
    loop.call_at_end(lambda: log.append("end"))
    await until(lambda: log)


def test_a_failure_at_the_end_is_reported(loop: Loop, caplog: pytest.LogCaptureFixture) -> None:
    loop.call_at_end(lambda: 1 / 0)
    loop.iter()
    assert "End-of-iteration call" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_failures_are_logged_with_component_and_name(loop: Loop, caplog: pytest.LogCaptureFixture) -> None:
    class Bad(Foo):
        @reaction("foo")
        def explode(self, *events: object) -> None:
            raise KeyError("boom")

    bad = Bad()
    bad.fail()
    loop.call_soon(in_thread, lambda: 1 / 0)
    loop.iter()
    texts = [record.getMessage() for record in caplog.records]
    assert {record.name for record in caplog.records} == {"deskapp.event"}
    assert {record.levelno for record in caplog.records} == {logging.ERROR}
    assert texts == [
        "Queued call of in_thread failed: ZeroDivisionError: division by zero",
        f"Action {bad.id}.fail failed: ValueError: on purpose",
        f"Reaction {bad.id}.explode failed: KeyError: 'boom'",
    ]
    assert isinstance(sys.last_value, KeyError)
    assert all(record.exc_info for record in caplog.records)


def test_an_interrupt_ends_the_iteration_but_loses_nothing(loop: Loop) -> None:
    log: list[str] = []

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    foo = Foo()
    loop.iter()
    foo.reaction(interrupt, "foo:1")
    foo.reaction(lambda *_: log.append("reaction"), "foo:2")
    loop.call_soon(interrupt)
    loop.call_soon(log.append, "call")
    with pytest.raises(KeyboardInterrupt):
        loop.iter()
    assert not loop.is_processing
    loop.iter()
    assert log == ["call"]
    foo.set_foo(1)
    with pytest.raises(KeyboardInterrupt):
        loop.iter()
    assert not loop.can_mutate()
    loop.iter()
    assert log == ["call", "reaction"]


def test_leaving_the_context_of_the_loop_iterates_it(loop: Loop) -> None:
    foo = Foo()
    with loop:
        foo.set_foo(2)
        assert foo.foo == 0
    assert foo.foo == 2


def test_reset_forgets_all_queues(loop: Loop) -> None:
    foo = Foo()
    loop.iter()
    foo.set_foo(2)
    loop.call_soon(print)
    loop.call_at_end(print)
    with foo:
        foo.set_foo(3)
    loop.reset()
    assert not loop.has_pending()


def test_is_processing_says_so_only_during_an_iteration(loop: Loop) -> None:
    found: list[bool] = []
    loop.call_soon(lambda: found.append(loop.is_processing))
    loop.iter()
    assert found == [True]
    assert not loop.is_processing


def test_the_text_of_a_loop_counts_its_queues(loop: Loop) -> None:
    loop.call_soon(print)
    assert repr(loop) == "<Loop of MainThread: 1 calls, 0 actions, 0 reactions>"


def test_contexts_are_left_in_reverse_order(loop: Loop) -> None:
    one, two = Foo(), Foo()
    one.__enter__()
    two.__enter__()
    with pytest.raises(RuntimeError, match="innermost"):
        one.__exit__()
    two.__exit__()
    one.__exit__()
    with pytest.raises(RuntimeError, match="innermost"):
        one.__exit__()


def test_queued_work_runs_inside_the_components_own_context_manager(loop: Loop) -> None:
    where: ContextVar[str] = ContextVar("where", default="outside")

    class Placed(Foo):
        def _enter(self):  # type: ignore[no-untyped-def]
            from contextlib import contextmanager

            @contextmanager
            def enter():  # type: ignore[no-untyped-def]
                token = where.set(self.id)
                try:
                    yield
                finally:
                    where.reset(token)

            return enter()

        @action
        def note(self) -> None:
            found.append(("action", where.get()))

        @reaction("foo")
        def note_too(self, *events: object) -> None:
            found.append(("reaction", where.get()))

    found: list[tuple[str, str]] = []
    placed = Placed()
    placed.note()
    loop.call_soon(lambda: found.append(("call", where.get())))
    loop.iter()
    assert found == [("call", "outside"), ("action", placed.id), ("reaction", placed.id)]


def test_the_queue_does_not_keep_a_component_alive_for_its_actions(loop: Loop) -> None:
    foo = Foo()
    loop.iter()
    foo.fail()
    del foo
    gc.collect()
    loop.iter()  # nothing is logged, since nothing runs


# The current loop


def test_the_current_loop_is_that_of_the_innermost_use_loop() -> None:
    outer, inner = Loop(), Loop()
    with use_loop(outer):
        with use_loop(inner):
            assert current_loop() is inner
        assert current_loop() is outer


def test_without_use_loop_it_is_the_default_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_module, "_process_default", None)
    found: list[Loop] = []
    in_thread(lambda: found.extend([current_loop(), current_loop()]))
    assert found[0] is found[1]
    assert found[0].owner.name == "other"


def test_a_call_queued_by_a_thread_before_there_is_a_loop_leaves_the_loop_to_who_makes_components(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop_module, "_process_default", None)
    ran_in: list[threading.Thread] = []
    in_thread(lambda: current_loop().call_soon(lambda: ran_in.append(threading.current_thread())))

    def live() -> int:
        foo = Foo()
        foo.set_foo(3)
        current_loop().iter()
        return foo.foo

    assert Context().run(live) == 3  # without the loop of this test
    assert ran_in == [threading.current_thread()]


def test_a_program_that_lives_in_another_thread_than_the_main_one_owns_its_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop_module, "_process_default", None)
    values: list[int] = []

    def live() -> None:
        foo = Foo()
        foo.set_foo(3)
        current_loop().iter()
        values.append(foo.foo)

    in_thread(live)
    assert values == [3]
    with pytest.raises(WrongThread):
        Context().run(Foo)
