"""Set one property N times with one reaction connected; tells µs a set. Arguments: library, N, rounds."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from benchmarks._child import tell


def deskapp(number: int) -> Callable[[], object]:
    """N sets inside one action, then one iteration, in which the reaction gets them all."""
    from deskapp import event

    class Thing(event.Component):
        foo = event.IntProp(0, settable=True)
        seen = 0

        @event.action
        def many(self) -> None:
            for i in range(number):
                self.set_foo(i)

        @event.reaction("foo")
        def on_foo(self, *events: event.Event) -> None:
            self.seen += len(events)

    thing = Thing()
    event.loop.iter()

    def work() -> None:
        before = thing.seen
        thing.many()
        event.loop.iter()
        assert thing.seen > before
        assert thing.foo == number - 1

    return work


def flexx(number: int) -> Callable[[], object]:
    """As with us."""
    from flexx import event

    class Thing(event.Component):  # type: ignore[misc]
        foo = event.IntProp(0, settable=True)
        seen = 0

        @event.action  # type: ignore[untyped-decorator]
        def many(self) -> None:
            # Its set_foo queues an action of its own even here, which is slower by far; this is its fast way.
            for i in range(number):
                self._mutate_foo(i)

        @event.reaction("foo")  # type: ignore[untyped-decorator]
        def on_foo(self, *events: object) -> None:
            self.seen += len(events)

    thing = Thing()
    event.loop.iter()

    def work() -> None:
        before = thing.seen
        thing.many()
        event.loop.iter()
        assert thing.seen > before
        assert thing.foo == number - 1

    return work


def psygnal(number: int) -> Callable[[], object]:
    """An evented dataclass: its callbacks run at each set."""
    from dataclasses import dataclass

    from psygnal import evented

    @evented
    @dataclass
    class Thing:
        foo: int = 0

    thing = Thing()
    seen = 0

    def on_foo(value: int) -> None:
        nonlocal seen
        seen += 1

    thing.events.foo.connect(on_foo)  # type: ignore[attr-defined]

    def work() -> None:
        before = seen
        for i in range(number):
            thing.foo = i
        assert seen > before

    return work


def traitlets(number: int) -> Callable[[], object]:
    """A trait with an observer, which runs at each set."""
    from traitlets import HasTraits, Int

    class Thing(HasTraits):  # type: ignore[misc, unused-ignore]
        foo = Int(0)

    thing = Thing()
    seen = 0

    def on_foo(change: object) -> None:
        nonlocal seen
        seen += 1

    thing.observe(on_foo, "foo")

    def work() -> None:
        before = seen
        for i in range(number):
            thing.foo = i
        assert seen > before

    return work


def main() -> None:
    """Repeat, and tell the median."""
    name, number, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    makers = {"deskapp": deskapp, "flexx": flexx, "psygnal": psygnal, "traitlets": traitlets}
    work = makers[name](number)
    work()
    taken = []
    # The processor's time: what other programs take meanwhile is not counted.
    for _ in range(rounds):
        started = time.process_time()
        work()
        taken.append((time.process_time() - started) / number * 1e6)
    tell(statistics.median(taken))


if __name__ == "__main__":
    main()
