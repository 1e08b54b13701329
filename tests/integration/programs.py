"""Programs that tests run in a process of their own; the name of one is the first argument."""

# ruff: noqa: T201  what they print is what the tests see
from __future__ import annotations

import asyncio
import sys
import time

from deskapp import App, PyComponent, launch, run, serve, start
from deskapp import app as program
from deskapp._config import Settings
from deskapp.launcher import Launcher
from deskapp.testing import FakeRuntime


class Main(PyComponent):
    def _dispose(self) -> None:
        print("disposed", flush=True)
        super()._dispose()


class Says(FakeRuntime):
    """Tells the test what it does."""

    async def stop(self, *, timeout_s: float = 5.0) -> None:
        await super().stop(timeout_s=timeout_s)
        print("stopped", flush=True)


def prepare() -> None:
    program.use_launcher(Launcher(Settings.load(environ={}, app_id="org.example.test"), select=lambda _: [Says]))


def ready() -> None:
    program.call_soon(lambda: print("running", flush=True))


def waits() -> int:
    launch(Main)
    ready()
    return run()


def serves() -> int:
    serve(Main)
    ready()
    return start()


def blocks() -> int:
    """The application's own code keeps the loop for a while, as a long computation does."""
    launch(Main)
    ready()
    program.call_soon(time.sleep, 0.3)
    return run()


def hangs() -> int:
    """A window that does not close; the second Ctrl+C must end the program."""

    class Hangs(Says):
        async def destroy(self, window: object) -> None:
            print("hanging", flush=True)
            await asyncio.Event().wait()

    program.launcher()._select = lambda _: [Hangs]
    launch(Main)
    ready()
    return run()


def closes() -> int:
    App(Main).launch()
    program.launcher()._loop.call_soon(_close_when_shown)
    return run()


def _close_when_shown() -> None:
    for host in program.launcher().hosts.values():
        if isinstance(host, FakeRuntime) and host.windows:
            host.user_closes(next(iter(host.windows)))
            return
    asyncio.get_running_loop().call_later(0.005, _close_when_shown)


def dies() -> int:
    launch(Main)
    program.launcher()._loop.call_soon(_die_when_shown)
    return run()


def _die_when_shown() -> None:
    for host in program.launcher().hosts.values():
        if isinstance(host, FakeRuntime) and host.windows:
            host.die(exit_code=7, tail="its last words")
            return
    asyncio.get_running_loop().call_later(0.005, _die_when_shown)


if __name__ == "__main__":
    prepare()
    sys.exit(globals()[sys.argv[1]]())
