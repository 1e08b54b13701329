"""One process of the program for each user."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from deskapp.app import launcher
from deskapp.bridge import link as links

if TYPE_CHECKING:
    from deskapp.desktop.opened import Opened


def single_instance(
    on_open: Callable[[Opened], object] | None = None, *, app_id: str | None = None, schemes: Iterable[str] = ()
) -> Opened:
    """Have this program run once for each user; call it first of all, before `launch`.

    If it runs already, that process is given what this one was to open, and this one ends with exit code 0.

    Args:
        on_open: Called on the loop's thread with what later starts were to open; may be a coroutine function. What
            came before `run` is told when the program runs.
        app_id: What the program is called, as of `launch`.
        schemes: What addresses of the program begin with: ``["clock"]`` for ``clock:alarm/7``.

    Returns:
        What this start was to open.

    Raises:
        SystemExit: With code 0; the first process has taken it.
        NotAnswered: The first process does not answer within 5 seconds.
        ConfigError: The id or a scheme is impossible.
        DesktopFailed: It cannot be found out, for example since the disk is full.
    """
    from deskapp.desktop.single_instance import SingleInstance

    program = launcher()
    if app_id is not None:
        program.name_program(app_id)
    instance = SingleInstance(program.app_id, schemes=schemes)
    if not instance.claim():
        raise SystemExit(0)
    services, link = program.services, links.current()

    def opened(what: Opened) -> None:
        if on_open is not None:
            with links.use(link):
                services.run(lambda: on_open(what), "native.single_instance")

    services.at_end(instance.release)

    async def listen() -> None:
        import asyncio

        instance.listen(asyncio.get_running_loop(), opened)

    services.call(listen, "native.single_instance")
    return instance.opened
