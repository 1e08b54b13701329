"""`Loop`: queues calls, actions and reactions, and runs them in that order, on one thread."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar
from threading import get_ident
from typing import TYPE_CHECKING, Any, cast

from deskapp.errors import WrongThread
from deskapp.event._log import log_failure

if TYPE_CHECKING:
    import asyncio

    from deskapp.event._action import Action
    from deskapp.event._component import Component
    from deskapp.event._event import Event
    from deskapp.event._legacy_loop import CallLater
    from deskapp.event._reaction import Reaction

_DRAIN_TIMEOUT_S = 10.0

NOBODY = 0
"""No thread has this number."""

MAX_ITERATIONS = 10
"""How often a batch iterates before others get their turn."""

# A call of a reaction that waits: [reaction, source, type, events]. Source and type are those of all its events; None
# when they differ.
_Item = list[Any]


class Loop:
    """Runs what components ask for, batch by batch.

    One iteration runs queued calls, then actions, then reactions. What is queued while a kind is run waits for the next
    iteration, unless its kind is still to come in this one: reactions to the mutations of this iteration's actions run
    in it, actions that those reactions invoke run in the next.

    A loop belongs to a thread: the one that made it, until `integrate` or `take_over` is called on another. If asyncio
    runs on that thread the loop binds itself to it; otherwise it queues until it is integrated or iterated.
    """

    __slots__ = (
        "__weakref__", "_actions", "_active", "_aio", "_at_end", "_awake", "_binds_itself", "_calls", "_free",
        "_generation", "_in_action", "_last_number", "_mergeable", "_owner_ident", "_processing", "_reactions",
        "_stretch", "_tracking", "_unstarted", "owner",
    )  # fmt: skip

    def __init__(self) -> None:
        self.owner = threading.current_thread()
        self._owner_ident = get_ident()
        # Deques, because other threads append while this one takes from the front: both are atomic, so no lock is
        # needed, and a finalizer that queues something while a lock is held cannot block.
        self._calls: deque[tuple[Callable[..., object], tuple[Any, ...]]] = deque()
        self._actions: deque[tuple[Action, tuple[Any, ...], Component]] = deque()
        self._at_end: deque[Callable[[], object]] = deque()
        self._unstarted: deque[Callable[[], None]] = deque()
        self._reactions: list[_Item] = []
        self._mergeable: dict[Reaction, _Item] = {}  # waiting calls of greedy and auto reactions
        self._active: list[Component] = []
        self._in_action = False
        self._free = False  # in an action, and no component is active: anything may be mutated
        self._processing = False
        self._awake = False  # an iteration runs, or is on its way
        self._tracking: dict[tuple[int, str], Component] | None = None  # property reads of the auto reaction that runs
        self._stretch: tuple[Component, str] | None = None  # the async action that runs, between two awaits
        self._aio: asyncio.AbstractEventLoop | None = None
        self._binds_itself = True
        self._generation = 0
        self._last_number = 0
        self._find_asyncio()

    def __repr__(self) -> str:
        queued = f"{len(self._calls)} calls, {len(self._actions)} actions, {len(self._reactions)} reactions"
        return f"<Loop of {self.owner.name}: {queued}>"

    # Ownership

    def check_thread(self, what: str) -> None:
        """Raise if the calling thread does not own this loop.

        Args:
            what: What was attempted, as the start of a sentence.

        Raises:
            WrongThread: It does not.
        """
        if self._owner_ident == NOBODY:
            self.take_over()
        if get_ident() != self._owner_ident:
            raise WrongThread(what, owner=self.owner.name, found=threading.current_thread().name)

    @property
    def is_here(self) -> bool:
        """Whether the calling thread owns this loop."""
        return get_ident() == self._owner_ident

    def take_over(self) -> None:
        """Make the calling thread the owner; nothing may be running on the former one."""
        if get_ident() != self._owner_ident:
            self.owner = threading.current_thread()
            self._owner_ident = get_ident()
            self._active = []
            self._set_in_action(False)

    def give_up(self) -> None:
        """Belong to no thread; the first that does something with it which is the owner's becomes the owner."""
        self._owner_ident = NOBODY

    def integrate(
        self,
        aio_loop: asyncio.AbstractEventLoop | CallLater | None = None,
        raise_on_fail: bool = True,
        *,
        reset: bool = False,
        call_later_func: CallLater | None = None,
    ) -> None:
        """Let an asyncio loop drive this one from now on; the calling thread becomes the owner.

        Args:
            aio_loop: The asyncio loop, which need not run yet; the running one if absent. Or a function that gets a
                function and has it called soon on this thread, from whichever thread it is called.
            raise_on_fail: Whether it is an error that no loop was given and none runs; otherwise nothing happens then.
            reset: Whether to forget what is queued; otherwise it is run soon.
            call_later_func: Such a function; the name of the older API.

        Raises:
            RuntimeError: No loop was given and none runs.
        """
        aio_loop = call_later_func if call_later_func is not None else aio_loop
        if aio_loop is None:
            import asyncio

            try:
                aio_loop = asyncio.get_running_loop()
            except RuntimeError:
                if raise_on_fail:
                    raise
                return
        elif callable(aio_loop):
            from deskapp.event._legacy_loop import ForeignLoop

            aio_loop = cast("asyncio.AbstractEventLoop", ForeignLoop(aio_loop))
        self.take_over()
        self._binds_itself = True
        if reset:
            self.reset()
        self._bind(aio_loop)
        if not self._processing:
            self._awake = False
            if self.has_pending():
                self._wake()

    def detach(self) -> None:
        """Forget the asyncio loop; queues are kept until `integrate` or `iter` is called."""
        self._aio = None
        self._binds_itself = False
        self._generation += 1
        self._awake = self._processing

    def _bind(self, aio_loop: asyncio.AbstractEventLoop) -> None:
        self._aio = aio_loop
        self._generation += 1  # wake-ups that another asyncio loop still holds are void
        while self._unstarted:
            self._unstarted.popleft()()

    def _find_asyncio(self) -> asyncio.AbstractEventLoop | None:
        """Bind to the asyncio loop that runs on this thread, if there is one and nobody forbade it."""
        module = sys.modules.get("asyncio")  # not imported: then none can run
        if module is None or not self._binds_itself or get_ident() != self._owner_ident:
            return None
        running: asyncio.AbstractEventLoop | None = module._get_running_loop()
        if running is not None:
            self._bind(running)
        return running

    # Queues

    def call_soon(self, func: Callable[..., object], *args: Any) -> None:
        """Queue a call for the next iteration; any thread may do this."""
        self._calls.append((func, args))
        if not self._awake:
            self._wake()

    call_later = call_soon  # its name in the older API

    def call_at_end(self, func: Callable[[], object]) -> None:
        """Queue a call, once, for the end of the iteration that runs or comes next; any thread may do this."""
        self._at_end.append(func)
        if not self._awake:
            self._wake()

    def add_action_invocation(self, action: Action, args: tuple[Any, ...], component: Component) -> None:
        """Queue an action of a component, which lives until it has run; any thread may do this."""
        self._actions.append((action, args, component))
        if not self._awake:
            self._wake()

    def add_reaction_event(self, reaction: Reaction, event: Event | None = None) -> None:
        """Queue a call of a reaction with an event, merged into one that waits where that reorders nothing.

        Args:
            reaction: The reaction to call.
            event: None for the first call of an auto reaction, which has no event.
        """
        self.check_thread("A reaction was queued")
        if event is None:
            self.queue_reaction(reaction, None, "", None)
        else:
            self.queue_reaction(reaction, event["source"], event["type"], event)

    def queue_reaction(self, reaction: Reaction, source: object, kind: object, event: Event | None) -> None:
        """As `add_reaction_event`, for callers that know their thread, and source and type of the event."""
        if reaction._is_normal:
            for item in reversed(self._reactions):
                if item[0] is reaction:
                    item[3].append(event)
                    if item[1] is not source or item[2] != kind:
                        item[1] = item[2] = None
                    return
                # Passing over an item is harmless only if it waits for the very same events.
                if item[1] is not source or item[2] != kind:
                    break
            self._reactions.append([reaction, source, kind, [event]])
        else:
            waiting = self._mergeable.get(reaction)
            if waiting is None:
                waiting = self._mergeable[reaction] = [reaction, source, kind, []]
                self._reactions.append(waiting)
            elif waiting[1] is not source or waiting[2] != kind:
                waiting[1] = waiting[2] = None
            if event is not None and reaction._wants_events:
                waiting[3].append(event)
        if not self._awake:
            self._wake()

    def take_events(self, reaction: Reaction) -> list[Event]:
        """Take the events that wait for a reaction out of the queue."""
        taken: list[Event] = []
        for item in self._reactions:
            if item[0] is reaction:
                taken += item[3]
        self._reactions = [item for item in self._reactions if item[0] is not reaction]
        self._mergeable.pop(reaction, None)
        return taken

    def has_pending(self) -> bool:
        """Whether an iteration would do anything."""
        return bool(self._calls or self._actions or self._reactions or self._at_end)

    def reset(self) -> None:
        """Forget everything that is queued."""
        self._calls.clear()
        self._actions.clear()
        self._at_end.clear()
        self._unstarted.clear()
        self._reactions = []
        self._mergeable = {}

    def next_number(self) -> int:
        """A number that this loop has not given before; ids and orders are made of it."""
        self._last_number += 1
        return self._last_number

    # Waking

    def _wake(self) -> None:
        """See to it that an iteration comes; called by whoever queues the first thing of a batch, on any thread."""
        aio = self._aio
        if aio is None or aio.is_closed():
            aio = self._aio = self._find_asyncio()
            if aio is None:
                return  # not awake: whoever queues the next thing looks again
        # Set before the call: a thread that appends after this line is served by the iteration asked for here.
        self._awake = True
        try:
            if get_ident() == self._owner_ident:
                aio.call_soon(self._iterate, self._generation)
            else:
                aio.call_soon_threadsafe(self._iterate, self._generation)
        except RuntimeError:
            if not aio.is_closed():
                raise
            self._awake = False  # it closed meanwhile; the queues are kept

    def _iterate(self, generation: int) -> None:
        if generation == self._generation and not self._processing:
            self.iter()

    # Running

    @property
    def is_processing(self) -> bool:
        """Whether an iteration is running."""
        return self._processing

    def iter(self) -> None:
        """Run one iteration.

        Raises:
            WrongThread: Another thread owns the loop.
            RuntimeError: An iteration is running already.
        """
        self.check_thread("The event loop was iterated")
        if self._processing:
            raise RuntimeError("The event loop cannot be iterated while it is processing events")
        self._iterate_up_to(1)

    def _iterate_up_to(self, count: int) -> None:
        """Iterate, and again while that leaves something to do; what is left after `count` times wakes the loop."""
        self._processing = self._awake = True
        before = self._enter_phase([], in_action=False)
        try:
            if before[0]:
                log_failure(
                    "Iterating the event loop",
                    RuntimeError(f"it processes events while {before[0][-1]} is active; leave its `with` block first"),
                )
            for _ in range(count):
                self._run_calls(self._calls)
                self._run_actions()
                self._run_reactions()
                self._run_at_end()
                if not self.has_pending():
                    break
        finally:
            self._leave_phase(before)
            self._processing = False
            self._awake = False
            if self.has_pending():
                self._wake()

    def __enter__(self) -> Loop:
        return self

    def __exit__(self, *_: object) -> None:
        self.iter()

    async def drain(self, *, timeout_s: float = _DRAIN_TIMEOUT_S) -> None:
        """Wait until nothing is queued; what async actions still do is not waited for.

        Raises:
            TimeoutError: Something is still queued after `timeout_s` seconds.
        """
        import asyncio

        if self._aio is None:
            self.integrate()
        aio = asyncio.get_running_loop()
        deadline = aio.time() + timeout_s
        while self.has_pending():
            if aio.time() > deadline:
                raise TimeoutError(f"{self!r} did not come to rest in {timeout_s} s")
            await asyncio.sleep(0)

    def _run_calls(self, queue: deque[tuple[Callable[..., object], tuple[Any, ...]]]) -> None:
        for _ in range(len(queue)):  # what is queued meanwhile waits
            func, args = queue.popleft()
            try:
                func(*args)
            except Exception as error:
                log_failure(f"Queued call of {getattr(func, '__qualname__', func)}", error)

    def _run_at_end(self) -> None:
        for _ in range(len(self._at_end)):
            func = self._at_end.popleft()
            try:
                func()
            except Exception as error:
                log_failure(f"End-of-iteration call of {getattr(func, '__qualname__', func)}", error)

    def _run_actions(self) -> None:
        queue = self._actions
        if not queue:
            return
        self._set_in_action(True)
        try:
            for _ in range(len(queue)):
                action, args, component = queue.popleft()
                enter = component._enter
                try:
                    if enter is None:
                        action.run(args)
                    else:
                        with enter():
                            action.run(args)
                except Exception as error:
                    log_failure(f"Action {component}.{action.name}", error)
        finally:
            self._set_in_action(False)

    def _run_reactions(self) -> None:
        queue = self._reactions
        if not queue:
            return
        self._reactions, self._mergeable = [], {}
        remaining = iter(queue)
        try:
            for reaction, _, _, events in remaining:
                component = reaction.context
                enter = component._enter if component is not None else None
                try:
                    if enter is None:
                        reaction.run(events)
                    else:
                        with enter():
                            reaction.run(events)
                except Exception as error:
                    log_failure(f"Reaction {reaction.full_name}", error)
        except BaseException:  # Ctrl+C: the rest of the queue must not get lost
            self._reactions[:0] = remaining
            raise

    # Who may mutate

    def can_mutate(self, component: Component | None = None) -> bool:
        """Whether the calling code may mutate a component: in its context, or in an action outside of any context."""
        if get_ident() != self._owner_ident:
            return False
        if self._active:
            return any(active is component for active in self._active)
        return self._in_action

    def get_active_component(self) -> Component | None:
        """The component whose context is innermost on the calling thread."""
        return self._active[-1] if self._active and get_ident() == self._owner_ident else None

    def get_active_components(self) -> tuple[Component, ...]:
        """The components whose contexts the calling thread is in, outermost first."""
        return tuple(self._active) if get_ident() == self._owner_ident else ()

    def activate(self, component: Component) -> None:
        """Enter a component's context."""
        self.check_thread(f"The context of {component} was entered")
        self._active.append(component)
        self._free = False

    def deactivate(self, component: Component) -> None:
        """Leave a component's context."""
        self.check_thread(f"The context of {component} was left")
        if not self._active or self._active[-1] is not component:
            raise RuntimeError(f"The context of {component} was left, but it is not the innermost one")
        self._active.pop()
        self._free = self._in_action and not self._active

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Let a ``with`` block mutate, as an action does, and iterate at its end until nothing is left to do.

        For who carries out what another side asks: nothing that is queued in the block has to wake the loop.
        """
        self.check_thread("A batch was begun")
        before = self._enter_phase([], in_action=True)
        self._awake = True
        try:
            yield
        finally:
            self._leave_phase(before)
            if not self._processing:
                self._iterate_up_to(MAX_ITERATIONS)

    def _begin_stretch(self) -> bool:
        """Before a coroutine goes on: whether `_end_stretch` is to iterate after it, which saves a turn of asyncio."""
        was_asleep = not self._awake and self._aio is not None
        if was_asleep:
            self._awake = True
        return was_asleep

    def _end_stretch(self) -> None:
        """Do what a stretch of a coroutine left to do, at once instead of in asyncio's next turn."""
        if self.has_pending():
            self._iterate_up_to(1)
        else:
            self._awake = False

    def _set_in_action(self, in_action: bool) -> None:
        self._in_action = in_action
        self._free = in_action and not self._active

    def _enter_phase(self, active: list[Component], *, in_action: bool) -> tuple[list[Component], bool]:
        """Put the active components aside and start afresh; returns what `_leave_phase` needs."""
        before = self._active, self._in_action
        self._active = active
        self._set_in_action(in_action)
        return before

    def _leave_phase(self, before: tuple[list[Component], bool]) -> None:
        self._active = before[0]
        self._set_in_action(before[1])

    # Coroutines

    @property
    def waiting_coroutines(self) -> int:
        """How many coroutines have not begun, because there is no asyncio loop yet."""
        return len(self._unstarted)

    def start_task(
        self,
        coroutine: Callable[[], Coroutine[Any, Any, None]],
        started: Callable[[asyncio.Task[None]], None],
        context: Context,
    ) -> None:
        """Run a coroutine as a task, as soon as there is an asyncio loop.

        Args:
            coroutine: Makes it; not called if the loop is reset before.
            started: Gets the task.
            context: The context variables that the task inherits.
        """

        def start() -> None:
            aio = self._aio
            assert aio is not None
            started(context.run(aio.create_task, coroutine()))

        if (self._aio is None or self._aio.is_closed()) and self._find_asyncio() is None:
            self._unstarted.append(start)
        else:
            start()


_current: ContextVar[Loop | None] = ContextVar("deskapp_event_loop", default=None)
_process_default: Loop | None = None


def current_loop() -> Loop:
    """The loop that components made here belong to: that of `use_loop`, else the process's default one."""
    global _process_default
    loop = _current.get()
    if loop is None:
        loop = _process_default
        if loop is None:
            loop = Loop()
            if threading.current_thread() is not threading.main_thread() and loop._aio is None:
                loop.give_up()  # a thread that only queues a call shall not become the owner by it
            _process_default = loop
    return loop


@contextmanager
def use_loop(loop: Loop) -> Iterator[Loop]:
    """Make a loop the current one inside a ``with`` block."""
    token = _current.set(loop)
    try:
        yield loop
    finally:
        _current.reset(token)
