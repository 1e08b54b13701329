"""What launch, run, start and stop promise, in whatever order they are called."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import gc
import itertools
import os
import socket
import subprocess
import sys
import threading
import time
import types
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deskapp import PyComponent, event
from deskapp import app as program
from deskapp._config import Settings
from deskapp._spec import AppSpec
from deskapp.errors import CodecError, ConfigError, DeskappError, RuntimeFailed, RuntimeUnavailable
from deskapp.event import Loop, use_loop
from deskapp.launcher import FIRST_PORT, PORT_RANGE, Launcher, default_app_id, preferred_port
from deskapp.runtime.base import Runtime
from deskapp.runtime.webview.pywebview import PyWebviewGtk
from deskapp.runtime.window import WindowMode
from deskapp.testing import FakeRuntime, Faults
from tests.unit.session.classes import Main

ROOT = Path(__file__).parents[2]


class Program:
    """A launcher that the test runs itself."""

    def __init__(self, *runtimes: type[FakeRuntime], **settings: object) -> None:
        chosen: Any = {"app_id": "org.example.test", **settings}
        self.launcher = Launcher(Settings.load(environ={}, **chosen), select=lambda _: list(runtimes or [FakeRuntime]))
        program.use_launcher(self.launcher)

    @property
    def runtime(self) -> FakeRuntime:
        return next(host for host in self.launcher.hosts.values() if isinstance(host, FakeRuntime))

    def when(self, condition: Callable[[], object], *then: Callable[[], object]) -> None:
        """While the program runs, do some things as soon as a condition holds."""
        deadline = time.monotonic() + 5

        def look() -> None:
            if condition():
                for do in then:
                    do()
            elif time.monotonic() > deadline:
                self.launcher.stop()
                raise TimeoutError("the condition did not hold")
            else:
                asyncio.get_running_loop().call_later(0.002, look)

        self.launcher._loop.call_soon(look)

    def close_windows(self) -> None:
        for window in list(self.runtime.windows):
            self.runtime.user_closes(window)

    def run_until_shown(self, count: int = 1) -> int:
        """Run; once so many windows are shown, close them."""
        self.when(lambda: self.launcher.hosts and len(self.runtime.windows) >= count, self.close_windows)
        return self.launcher.run()


@pytest.fixture
def it() -> Iterator[Program]:
    before = program.use_launcher(None)
    with use_loop(Loop()):
        it = Program()
        yield it
        asyncio.run(it.launcher.close())
    program.use_launcher(before)


def fails_with(error: type[BaseException]) -> type:
    class Fails(PyComponent):
        def init(self) -> None:
            raise error("by intent")

    return Fails


# -- launch


def test_launch_makes_the_component_now_and_the_window_later(it: Program) -> None:
    main: Any = program.launch(Main, size=(640, 480), pos=(1, 2), title="Mine")
    assert main.count == 0
    assert it.runtime.windows == {}
    shown: list[Any] = []
    it.when(lambda: it.runtime.windows, lambda: shown.extend(it.runtime.windows.values()), it.close_windows)
    assert it.launcher.run() == 0
    spec = shown[0].spec
    assert (spec.width, spec.height, spec.x, spec.y, spec.title) == (640, 480, 1, 2, "Mine")


def test_the_window_is_called_like_its_class_unless_told_otherwise(it: Program) -> None:
    class MySystemMonitor(PyComponent):
        pass

    program.launch(MySystemMonitor)
    titles: list[str] = []
    it.when(
        lambda: it.runtime.windows,
        lambda: titles.extend(w.title for w in it.runtime.windows.values()),
        it.close_windows,
    )
    it.launcher.run()
    assert titles == ["My System Monitor"]


@pytest.mark.parametrize(
    ("name", "near"), [("tittle", "'title'"), ("sise", "'size'"), ("window_mode", "'windowmode'"), ("zzz", "known are")]
)
def test_an_unknown_option_is_refused_with_the_nearest_names(it: Program, name: str, near: str) -> None:
    options: Any = {name: 1}
    with pytest.raises(ConfigError, match=near):
        program.launch(Main, **options)
    assert it.launcher.manager.sessions == []
    assert it.launcher.hosts == {}


@pytest.mark.parametrize(
    "options",
    [
        {"size": (640,)},
        {"size": "640x480"},
        {"size": (-1, 5)},
        {"size": (1.5, 2)},
        {"size": (0, 0)},
        {"pos": (1, 2, 3)},
        {"windowmode": "tiny"},
        {"background": "no colour"},
        {"min_size": (True, False)},
    ],
)
def test_an_impossible_option_is_refused_before_anything_is_made(it: Program, options: Any) -> None:
    made = []

    class Counts(PyComponent):
        def init(self) -> None:
            made.append(self)

    with pytest.raises((ConfigError, ValueError)):
        program.launch(Counts, **options)
    assert made == []
    assert it.launcher.hosts == {}
    assert it.launcher.windows.count == 0
    assert it.launcher.manager.get_app_names() == []


def test_window_modes_are_known_by_name(it: Program) -> None:
    for mode in WindowMode:
        program.launch(Main, windowmode=mode.value)
    modes: list[WindowMode] = []
    it.when(
        lambda: len(it.runtime.windows) == len(WindowMode),
        lambda: modes.extend(w.spec.mode for w in it.runtime.windows.values()),
        it.close_windows,
    )
    it.launcher.run()
    assert set(modes) == set(WindowMode)


@pytest.mark.parametrize("error", [RuntimeError, KeyError, CodecError])
def test_a_component_that_fails_makes_launch_raise_and_leaves_nothing(it: Program, error: Any) -> None:
    with pytest.raises(error, match="by intent"):
        program.launch(fails_with(error))
    assert it.launcher.manager.sessions == []
    assert it.launcher.windows.count == 0
    assert it.launcher.manager.get_app_names() == []
    program.launch(Main)
    assert it.run_until_shown() == 0


def test_a_launch_that_is_refused_leaves_the_served_app_alone(it: Program) -> None:
    program.serve(Main, "Fails")
    with pytest.raises(ConfigError):
        program.launch(fails_with(RuntimeError))
    assert it.launcher.manager.spec("Fails").cls is Main  # type: ignore[union-attr]


def test_no_runtime_at_all_is_said_at_once(it: Program) -> None:
    def none(requested: str) -> Any:
        raise RuntimeUnavailable(requested, [("x", "is not there", "get it")])

    it.launcher._select = none
    with pytest.raises(RuntimeUnavailable, match="is not there"):
        program.launch(Main, "x")
    assert it.launcher.manager.sessions == []


def test_the_runtime_that_was_asked_for_is_handed_on(it: Program) -> None:
    asked: list[str] = []

    def select(requested: str) -> list[type[Runtime]]:
        asked.append(requested)
        return [FakeRuntime]

    it.launcher._select = select
    program.launch(Main, "firefox or browser")
    program.launch(Main)
    assert asked == ["firefox or browser", it.launcher.settings.runtime]


def test_every_window_gets_an_address_of_its_own(it: Program) -> None:
    for _ in range(3):
        program.launch(Main)
    urls: set[str] = set()
    it.when(
        lambda: len(it.runtime.windows) == 3,
        lambda: urls.update(w.url for w in it.runtime.windows.values()),
        it.close_windows,
    )
    it.launcher.run()
    assert len(urls) == 3
    assert all(url.startswith("http://127.0.0.1:") and "/Main/#k=" in url for url in urls)


# -- run, start, stop


def test_run_returns_zero_when_the_last_window_has_closed(it: Program) -> None:
    program.launch(Main)
    program.launch(Main)
    assert it.run_until_shown(2) == 0
    assert not it.launcher.is_running
    assert it.launcher.hosts == {}


def test_a_program_may_run_twice(it: Program) -> None:
    for _ in range(3):
        main: Any = program.launch(Main)
        assert it.run_until_shown() == 0
        assert main.session.ending is not None


def id_with_a_free_port() -> str:
    """The id of an app whose own port nobody has: connections that others have opened take some of them."""
    for n in itertools.count():
        app_id = f"org.example.test{os.getpid()}.n{n}"
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", preferred_port(app_id))):
            return app_id
    raise AssertionError("no port is free")


def test_launching_again_after_the_end_uses_the_same_port_if_it_can(it: Program) -> None:
    it.launcher._app_id = id_with_a_free_port()
    program.launch(Main)
    first = it.launcher.server.serving
    it.run_until_shown()
    program.launch(Main)
    assert it.launcher.server.serving == first
    it.run_until_shown()


def test_a_window_may_be_launched_from_an_action_while_running(it: Program) -> None:
    class Opens(PyComponent):
        @event.action
        def open(self) -> None:
            program.launch(Main)

    main: Any = program.launch(Opens)
    it.when(lambda: len(it.runtime.windows) == 1, main.open)
    it.when(lambda: len(it.runtime.windows) == 2, it.close_windows)
    assert it.launcher.run() == 0


def test_a_window_may_be_launched_from_a_coroutine_while_running(it: Program) -> None:
    class Opens(PyComponent):
        @event.action
        async def open(self) -> None:
            await asyncio.sleep(0)
            program.launch(Main)

    main: Any = program.launch(Opens)
    it.when(lambda: len(it.runtime.windows) == 1, main.open)
    it.when(lambda: len(it.runtime.windows) == 2, it.close_windows)
    assert it.launcher.run() == 0


async def test_run_inside_a_coroutine_is_refused_and_names_the_way() -> None:
    with use_loop(Loop()):
        launcher = Launcher(Settings.load(environ={}), select=lambda _: [FakeRuntime])
        with pytest.raises(DeskappError, match="run_async"):
            launcher.run()
        assert not launcher.is_running


def test_run_inside_run_is_refused(it: Program) -> None:
    caught: list[Exception] = []

    def again() -> None:
        try:
            it.launcher.run()
        except DeskappError as error:
            caught.append(error)
        it.launcher.stop()

    program.launch(Main)
    it.when(lambda: it.runtime.windows, again)
    it.launcher.run()
    assert "under way already" in str(caught[0])


def test_start_goes_on_without_windows_until_it_is_stopped(it: Program) -> None:
    program.launch(Main)
    seen: list[bool] = []
    it.when(lambda: it.runtime.windows, it.close_windows)
    it.when(
        lambda: it.runtime.closed and not it.launcher.windows.count,
        lambda: seen.append(it.launcher.is_running),
        it.launcher.stop,
    )
    assert it.launcher.start() == 0
    assert seen == [True]


def test_stop_ends_everything_in_order(it: Program) -> None:
    main: Any = program.launch(Main)
    runtime: list[FakeRuntime] = []
    it.when(lambda: it.runtime.windows, lambda: runtime.append(it.runtime), it.launcher.stop)
    assert it.launcher.run() == 0
    assert main.session.ending.args == (1000, "the program ends")
    assert [call[0] for call in runtime[0].calls] == ["start", "open", "destroy", "stop"]


def test_stop_may_be_called_from_any_thread(it: Program) -> None:
    program.launch(Main)
    it.when(lambda: it.runtime.windows, lambda: threading.Thread(target=it.launcher.stop).start())
    assert it.launcher.run() == 0


def test_a_stop_that_came_too_early_ends_the_next_run_at_once(it: Program) -> None:
    main: Any = program.launch(Main)
    runtime = it.runtime
    it.launcher.stop()
    assert it.launcher.run() == 0
    assert [call[0] for call in runtime.calls] == ["start", "stop"]
    assert main.session.ending is not None
    program.launch(Main)
    assert it.run_until_shown() == 0


def test_many_stops_are_one(it: Program) -> None:
    program.launch(Main)
    it.when(lambda: it.runtime.windows, lambda: [it.launcher.stop() for _ in range(10)])
    assert it.launcher.run() == 0
    program.launch(Main)
    assert it.run_until_shown() == 0


def test_a_failure_is_raised_once(it: Program) -> None:
    class Refuses(FakeRuntime):
        faults = Faults(refuse_open="no display")

    it.launcher._select = lambda _: [Refuses]
    program.launch(Main)
    with pytest.raises(RuntimeFailed, match="no display"):
        it.launcher.run()
    it.launcher._select = lambda _: [FakeRuntime]
    program.launch(Main)
    assert it.run_until_shown() == 0


def test_an_error_while_starting_ends_what_was_begun(it: Program) -> None:
    program.launch(Main)
    runtime = it.runtime

    def broken() -> None:
        raise OSError("cannot listen")

    it.launcher.server.listen = broken  # type: ignore[method-assign]
    with pytest.raises(OSError, match="cannot listen"):
        it.launcher.run()
    assert runtime.calls[-1] == ("stop",)
    assert not it.launcher.is_running
    assert it.launcher.manager.sessions == []


def test_a_program_may_run_on_another_thread_than_the_one_that_launched(it: Program) -> None:
    main: Any = program.launch(Main)
    it.when(lambda: it.runtime.windows, it.close_windows)
    codes: list[int] = []
    context = contextvars.copy_context()
    thread = threading.Thread(target=lambda: codes.append(context.run(it.launcher.run)))
    thread.start()
    thread.join(10)
    assert codes == [0]
    assert main.session.ending is not None
    it.launcher._loop.take_over()


def test_async_actions_are_cancelled_when_their_window_closes(it: Program) -> None:
    class Waits(PyComponent):
        said = event.ListProp([])

        @event.action
        async def wait(self) -> None:
            self._mutate_said([*self.said, "began"])
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(True)

    ended: list[bool] = []
    main: Any = program.launch(Waits)
    main.wait()
    it.when(lambda: main.said and it.runtime.windows, it.close_windows)
    assert it.launcher.run() == 0
    assert ended == [True]


def test_tasks_that_are_left_are_cancelled_at_the_end(it: Program) -> None:
    ended: list[bool] = []

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    tasks = []
    program.launch(Main)
    it.when(
        lambda: it.runtime.windows,
        lambda: tasks.append(asyncio.get_running_loop().create_task(forever())),
        lambda: it.launcher._loop.call_soon(it.close_windows),
    )
    assert it.launcher.run() == 0
    assert ended == [True]


def test_what_was_queued_before_run_is_done_by_it(it: Program) -> None:
    main: Any = program.launch(Main)
    main.set_count(5)
    program.call_soon(lambda: main.set_anything("called"))
    it.run_until_shown()
    assert (main.count, main.anything) == (5, "called")


def test_a_program_that_ended_can_be_collected(it: Program) -> None:
    main: Any = program.launch(Main)
    session, component = weakref.ref(main.session), weakref.ref(main)
    it.run_until_shown()
    del main
    gc.collect()
    it.launcher._loop.iter()
    gc.collect()
    assert (session(), component()) == (None, None)


# -- the rest

HEAVY = ("asyncio", "msgspec", "tornado", "deskapp.session._session", "deskapp.server", "deskapp.runtime.chromium.app")

STARTS_A_WINDOW = f"""
import sys
from deskapp import App, PyComponent
from deskapp.app import use_launcher
from deskapp.launcher import Launcher
from deskapp.runtime.base import Runtime
from deskapp.runtime.webview.pywebview import PyWebviewGtk

class Main(PyComponent):
    pass

class Observed(PyWebviewGtk):
    def start(self, listener):
        print([name for name in {HEAVY!r} if name in sys.modules])
        raise SystemExit(0)

use_launcher(Launcher(select=lambda wish: [Observed]))
App(Main).launch()
"""


def test_the_window_process_starts_before_what_takes_long_to_import() -> None:
    command = [sys.executable, "-c", STARTS_A_WINDOW]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def test_the_preferred_port_of_an_app_stays_the_same() -> None:
    assert preferred_port("org.example.a") == preferred_port("org.example.a")
    assert all(FIRST_PORT <= preferred_port(str(n)) < FIRST_PORT + PORT_RANGE for n in range(1000))


def test_an_app_that_was_not_named_is_named_after_script_or_class(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = AppSpec(Main, "Main")
    module = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", module)
    nameless = default_app_id(spec)
    module.__file__ = "/somewhere/my_tool.py"
    named = default_app_id(spec)
    assert "Main".lower() in nameless.lower()
    assert "my_tool" in named or "my-tool" in named


def on_thread(work: Callable[[], object]) -> BaseException | None:
    """What a function raises on another thread; None if it ends well."""
    caught: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            caught.append(error)

    thread = threading.Thread(target=run, name="another")
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    return caught[0] if caught else None


def test_run_may_be_called_on_any_thread_while_windows_have_a_process_of_their_own(it: Program) -> None:
    program.launch(Main)
    assert on_thread(it.run_until_shown) is None


def test_a_window_system_in_this_process_wants_run_on_the_main_thread(it: Program) -> None:
    it.launcher._select = lambda _: [PyWebviewGtk]
    program.launch(Main, None, None, in_process=True)
    error = on_thread(it.launcher.run)
    assert isinstance(error, DeskappError)
    assert "thread 'another'" in str(error)
    assert "call run() there" in str(error)


def test_an_unknown_policy_is_an_error(it: Program) -> None:
    program.launch(Main)
    with pytest.raises(ValueError, match="last"):
        program.run("last")
