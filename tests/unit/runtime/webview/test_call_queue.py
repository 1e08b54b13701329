"""Calls wait for their loop, keep their order, and survive each other."""

from __future__ import annotations

import pytest

from deskapp.runtime.webview._call_queue import CallQueue


class Loop:
    """A loop that runs when it is told to."""

    def __init__(self) -> None:
        self.pokes = 0
        self.calls = CallQueue(self.poke)

    def poke(self) -> None:
        self.pokes += 1

    def turn(self) -> None:
        pokes, self.pokes = self.pokes, 0
        for _ in range(pokes):
            self.calls.run()


def test_calls_wait_until_the_loop_is_open_and_keep_their_order() -> None:
    loop, done = Loop(), list[int]()
    for number in range(3):
        loop.calls.put(lambda number=number: done.append(number))  # type: ignore[misc]
    loop.turn()
    assert (done, loop.pokes) == ([], 0)
    loop.calls.open()
    loop.calls.put(lambda: done.append(3))
    loop.turn()
    assert done == [0, 1, 2, 3]


def test_what_a_closing_call_leaves_behind_waits_for_the_next_loop() -> None:
    loop, done = Loop(), list[str]()
    loop.calls.open()
    loop.calls.put(lambda: (done.append("first"), loop.calls.close())[0])
    loop.calls.put(lambda: done.append("second"))
    loop.turn()
    assert done == ["first"]
    loop.calls.open()
    loop.turn()
    assert done == ["first", "second"]


def test_a_call_with_a_loop_of_its_own_lets_the_others_run_in_it() -> None:
    loop, done = Loop(), list[str]()

    def dialog() -> None:
        done.append("shown")
        loop.calls.run()
        done.append("closed")

    loop.calls.open()
    loop.calls.put(dialog)
    loop.calls.put(lambda: done.append("during"))
    loop.turn()
    assert done == ["shown", "during", "closed"]


def test_a_call_that_puts_another_lets_the_loop_turn_first() -> None:
    loop, done = Loop(), list[int]()

    def again() -> None:
        done.append(len(done))
        if len(done) < 3:
            loop.calls.put(again)

    loop.calls.open()
    loop.calls.put(again)
    for turns in range(3):
        loop.calls.run()
        assert done == list(range(turns + 1))


def test_a_call_that_fails_is_told_and_does_not_end_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    loop, done = Loop(), list[str]()

    def fail() -> None:
        raise LookupError("no luck")

    loop.calls.open()
    loop.calls.put(fail)
    loop.calls.put(lambda: done.append("after"))
    loop.turn()
    assert done == ["after"]
    assert "no luck" in capsys.readouterr().err
